import { Button, Checkbox, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { asApiError, useApi, useChange, usePages } from '../../../api/hooks.ts';
import type { CommerceSubscription, MappingPreview } from '../../../api/types/commerce.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  ConfirmDialog,
  ErrorNotice,
  FilterBar,
  Loading,
  PageHeader,
  PageLink,
  SelectFilter,
  TextFilter,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { useNews } from '../shared/news.tsx';
import { REGISTRATION_VERSION } from '../shared/provider.ts';
import { MappingPreviewTables } from './mapping-preview.tsx';
import { useRegistration } from './registration-path.ts';

interface Choices {
  readonly customer?: string | undefined;
  readonly tenant?: string | undefined;
  readonly shared?: string | undefined;
}

const useStyles = makeStyles({ trail: { overflowWrap: 'anywhere' } });

const DAYS = 30;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VERSION = { 'api-version': REGISTRATION_VERSION };

/** Lets the usage of a directory go to a customer: what that would change is shown before it is done. */
export default function MapPage(): ReactNode {
  const say = useSay();
  const styles = useStyles();
  const registration = useRegistration();
  const { subscription, group, name, path } = registration;
  const [{ customer, tenant, shared }, change] = useSearchState<Choices>();
  const list = usePages<CommerceSubscription>('/api/v1/commerce-subscriptions');
  const chosen = list.items.find(({ subscriptionId }) => subscriptionId === customer);
  const tenantId = tenant ?? chosen?.tenantId;
  const isReady = customer !== undefined && tenantId !== undefined && GUID.test(tenantId);
  return (
    <>
      <PageHeader
        title={say('op.mapping.new')}
        description={say('op.mapping.text')}
        trail={
          <PageLink
            to="/registrations/$subscription/$group/$name"
            params={{ subscription, group, name }}
            className={styles.trail}
          >
            {name}
          </PageLink>
        }
      />
      <FilterBar>
        <SelectFilter
          label={say('op.mapping.customer')}
          all={say('op.choose')}
          value={customer}
          choices={list.items.map(({ subscriptionId, displayName }) => ({
            value: subscriptionId,
            label: displayName,
          }))}
          onChange={(id) => change({ customer: id, tenant: undefined })}
        />
        <TextFilter
          label={say('op.tenantId')}
          value={tenantId}
          onChange={(text) => change({ tenant: text })}
        />
        <Checkbox
          label={say('op.mapping.shareAll')}
          checked={shared === 'true'}
          onChange={(_, { checked }) => change({ shared: checked === true ? 'true' : undefined })}
        />
      </FilterBar>
      {isReady ? (
        <Preview
          path={`${path}/customerSubscriptions/${encodeURIComponent(customer)}`}
          customerName={chosen?.displayName ?? customer}
          nameOf={(id) =>
            list.items.find(({ subscriptionId }) => subscriptionId === id)?.displayName ?? id
          }
          tenantId={tenantId}
          isShared={shared === 'true'}
        />
      ) : (
        <p>{say('op.mapping.chooseFirst')}</p>
      )}
    </>
  );
}

/** Quantities come as numbers of JSON: kept as the text that they are written with, so that no digit is lost. */
function readPreview(text: string): MappingPreview {
  const quoted = text.replaceAll(/"quantity":(-?[\d.]+(?:[eE][+-]?\d+)?)/g, '"quantity":"$1"');
  const value: unknown = JSON.parse(quoted);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the interface describes; the page reads no more of it than it shows
  return value as MappingPreview;
}

function Preview({
  path,
  customerName,
  nameOf,
  tenantId,
  isShared,
}: {
  readonly path: string;
  readonly customerName: string;
  readonly nameOf: (subscriptionId: string) => string;
  readonly tenantId: string;
  readonly isShared: boolean;
}): ReactNode {
  const say = useSay();
  const api = useApi();
  const [news, tell] = useNews();
  const [isConfirming, setConfirming] = useState(false);
  const query = { ...VERSION, tenantId, days: DAYS, shared: isShared };
  const preview = useQuery({
    queryKey: ['api', path, 'preview', query],
    queryFn: async ({ signal }) => {
      const { content } = await api.file(`${path}/preview`, { query, signal });
      return readPreview(await content.text());
    },
  });
  const map = useChange(
    (service) =>
      service.put(path, { properties: { tenantId, shared: isShared } }, { query: VERSION }),
    ['/subscriptions/'],
  );
  if (preview.error !== null) {
    return <ErrorNotice error={asApiError(preview.error)} onRetry={() => void preview.refetch()} />;
  }
  if (preview.data === undefined) return <Loading label={say('op.mapping.previewing')} />;
  return (
    <>
      {news}
      <MappingPreviewTables preview={preview.data} nameOf={nameOf} />
      <p>
        <Button appearance="primary" onClick={() => setConfirming(true)}>
          {say('op.mapping.do')}
        </Button>
      </p>
      {isConfirming && (
        <ConfirmDialog
          isOpen
          title={say('op.mapping.do')}
          confirmLabel={say('op.mapping.do')}
          onConfirm={async () => {
            await map.mutateAsync(undefined);
            tell({ tone: 'success', text: say('op.mapping.done', { name: customerName }) });
          }}
          onClose={() => setConfirming(false)}
        >
          {say('op.mapping.confirm', { name: customerName, tenant: tenantId })}
        </ConfirmDialog>
      )}
    </>
  );
}
