import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../../../api/hooks.ts';
import { useApi, usePages } from '../../../api/hooks.ts';
import type { CommerceSubscription, Registration } from '../../../api/types/commerce.ts';
import {
  Code,
  DataTable,
  DateText,
  ErrorNotice,
  PageHeader,
  PageLink,
  Section,
} from '../../../components/index.ts';
import { asApiError } from '../../../api/hooks.ts';
import { useSay } from '../../../i18n/language.tsx';
import { REGISTRATION_VERSION } from '../shared/provider.ts';
import { State, useWord } from '../shared/state.tsx';
import { registrationParts } from './registration-path.ts';

/** Subscriptions whose registrations are asked for together. */
const MOST_ASKED = 50;

/** The stamps that report here, and the subscriptions that pay. */
export default function RegistrationsPage(): ReactNode {
  const say = useSay();
  const list = usePages<CommerceSubscription>('/api/v1/commerce-subscriptions');
  return (
    <>
      <PageHeader title={say('op.registrations.nav')} description={say('op.registrations.text')} />
      <Registrations subscriptions={list.items} isPending={list.isPending} />
      <Section title={say('op.commerceSubscriptions')}>
        <CommerceSubscriptions list={list} />
      </Section>
    </>
  );
}

function Registrations({
  subscriptions,
  isPending,
}: {
  readonly subscriptions: readonly CommerceSubscription[];
  readonly isPending: boolean;
}): ReactNode {
  const say = useSay();
  const api = useApi();
  const model = useWord('op.billingModel');
  const asked = subscriptions.slice(0, MOST_ASKED).map(({ subscriptionId }) => subscriptionId);
  const found = useQuery({
    queryKey: ['api', '/subscriptions/', 'registrations', asked],
    enabled: !isPending,
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        asked.map((id) =>
          api.get<Page<Registration>>(
            `/subscriptions/${id}/providers/Microsoft.AzureStack/registrations`,
            { query: { 'api-version': REGISTRATION_VERSION }, signal },
          ),
        ),
      );
      return pages.flatMap(({ value }) => value);
    },
  });
  return (
    <>
      <ErrorNotice error={asApiError(found.error)} onRetry={() => void found.refetch()} />
      <DataTable
        caption={say('op.registrations.nav')}
        isCaptionHidden
        items={found.data ?? []}
        keyOf={({ id }) => id}
        empty={say(found.isPending ? 'common.loading' : 'op.registrations.empty')}
        columns={[
          {
            id: 'name',
            title: say('op.name'),
            cell: ({ id, name }) => (
              <PageLink
                to="/registrations/$subscription/$group/$name"
                params={registrationParts(id)}
              >
                {name}
              </PageLink>
            ),
          },
          {
            id: 'status',
            title: say('op.state'),
            cell: ({ properties }) => <State value={properties.status} />,
          },
          {
            id: 'model',
            title: say('op.registration.model'),
            cell: ({ properties }) => model(properties.billingModel),
          },
          {
            id: 'expires',
            title: say('op.registration.expires'),
            cell: ({ properties }) => <Expiry at={properties.expiration} />,
          },
          {
            id: 'cloud',
            title: say('op.registration.cloud'),
            cell: ({ properties }) => <Code>{properties.cloudId}</Code>,
          },
        ]}
      />
    </>
  );
}

/** When a registration ends; the end of time stands for never. */
export function Expiry({ at }: { readonly at: string }): ReactNode {
  const say = useSay();
  return at.startsWith('9999-') ? say('op.never') : <DateText value={at} />;
}

function CommerceSubscriptions({
  list,
}: {
  readonly list: ReturnType<typeof usePages<CommerceSubscription>>;
}): ReactNode {
  const say = useSay();
  const kind = useWord('op.commerceKind');
  return (
    <DataTable
      caption={say('op.commerceSubscriptions')}
      isCaptionHidden
      list={list}
      keyOf={({ subscriptionId }) => subscriptionId}
      empty={say('op.commerceSubscriptions.empty')}
      columns={[
        { id: 'name', title: say('op.name'), cell: ({ displayName }) => displayName },
        { id: 'state', title: say('op.state'), cell: ({ state }) => <State value={state} /> },
        { id: 'kind', title: say('op.kind'), cell: (one) => kind(one.kind) },
        { id: 'partner', title: say('op.partner'), cell: ({ partnerId }) => partnerId ?? '-' },
        {
          id: 'tenant',
          title: say('op.tenantId'),
          cell: ({ tenantId }) => (tenantId === undefined ? '-' : <Code>{tenantId}</Code>),
        },
        {
          id: 'multi',
          title: say('op.commerceSubscriptions.multi'),
          cell: ({ multitenancyApproved }) => say(multitenancyApproved ? 'op.yes' : 'op.no'),
        },
        {
          id: 'id',
          title: say('op.subscriptionId'),
          cell: ({ subscriptionId }) => <Code>{subscriptionId}</Code>,
        },
      ]}
    />
  );
}
