import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { usePages } from '../../../api/hooks.ts';
import type { WebhookEndpoint } from '../../../api/types/commerce.ts';
import { may } from '../../../app/area.ts';
import { useSearchState } from '../../../app/address.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  DataTable,
  FilterBar,
  PageHeader,
  PageLink,
  SelectFilter,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useAccountChoices } from '../shared/accounts.ts';
import { State, useWord } from '../shared/state.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { SecretNotice } from './secret-notice.tsx';

const PATH = '/api/v1/webhook-endpoints';

/** Where it is told what happened. */
export default function WebhooksPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const event = useWord('op.event');
  const { choices, nameOf } = useAccountChoices();
  const [{ of }, change] = useSearchState<{ readonly of?: string | undefined }>();
  const list = usePages<WebhookEndpoint>(PATH, { account: of });
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <>
      <PageHeader
        title={say('op.webhooks.nav')}
        description={say('op.webhooks.text')}
        actions={
          may(viewer, 'Stackmeter.Billing/webhooks/write') && (
            <Button appearance="primary" onClick={() => setAdding(true)}>
              {say('op.webhook.add')}
            </Button>
          )
        }
      />
      <SecretNotice secret={secret} />
      <FilterBar>
        <SelectFilter
          label={say('op.account')}
          all={say('common.all')}
          value={of}
          choices={choices}
          onChange={(id) => change({ of: id })}
        />
      </FilterBar>
      <DataTable
        caption={say('op.webhooks.nav')}
        isCaptionHidden
        list={list}
        keyOf={({ endpointId }) => endpointId}
        empty={say('op.webhooks.empty')}
        columns={[
          {
            id: 'url',
            title: say('op.webhook.url'),
            cell: ({ endpointId, url }) => (
              <PageLink to="/webhooks/$id" params={{ id: endpointId }}>
                {url}
              </PageLink>
            ),
          },
          { id: 'account', title: say('op.account'), cell: (one) => nameOf(one.accountId) },
          { id: 'state', title: say('op.state'), cell: ({ state }) => <State value={state} /> },
          {
            id: 'types',
            title: say('op.webhook.types'),
            cell: ({ eventTypes }) => eventTypes.map(event).join(', '),
          },
          {
            id: 'description',
            title: say('op.note'),
            cell: ({ description }) => description ?? '-',
          },
        ]}
      />
      {isAdding && (
        <EndpointDialog account={of} onAdded={setSecret} onClose={() => setAdding(false)} />
      )}
    </>
  );
}
