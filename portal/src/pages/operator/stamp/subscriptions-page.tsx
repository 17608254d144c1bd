import type { ReactNode } from 'react';
import { usePages } from '../../../api/hooks.ts';
import {
  subscriptionStates,
  type Offer,
  type StampSubscription,
  type SubscriptionState,
} from '../../../api/types/stamp.ts';
import { useSearchState } from '../../../app/address.ts';
import {
  DataTable,
  FilterBar,
  PageHeader,
  PageLink,
  SelectFilter,
  TextFilter,
  type Column,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { DIRECTORY_VERSION, directoryPath, useTenants } from '../shared/provider.ts';
import { State, useWord } from '../shared/state.tsx';
import { WithProvider } from '../shared/with-provider.tsx';

interface Filters {
  readonly state?: string | undefined;
  readonly tenant?: string | undefined;
  readonly offer?: string | undefined;
  readonly owner?: string | undefined;
}

/** The subscriptions of the stamp: those of delegated providers among them. */
export default function SubscriptionsPage(): ReactNode {
  const say = useSay();
  return (
    <>
      <PageHeader title={say('op.subscriptions.nav')} description={say('op.subscriptions.text')} />
      <WithProvider>{(providerId) => <Subscriptions providerId={providerId} />}</WithProvider>
    </>
  );
}

/** A text as the filters of the directory write it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function filterOf({ state, tenant, offer, owner }: Filters): string | undefined {
  const terms = [
    state !== undefined && `state eq ${quoted(state)}`,
    tenant !== undefined && `tenantId eq ${quoted(tenant)}`,
    offer !== undefined && `offerId eq ${quoted(offer)}`,
    owner !== undefined && `owner eq ${quoted(owner)}`,
  ].filter((term) => term !== false);
  return terms.length === 0 ? undefined : terms.join(' and ');
}

function Subscriptions({ providerId }: { readonly providerId: string }): ReactNode {
  const say = useSay();
  const [filters, change] = useSearchState<Filters>();
  const { nameOf } = useTenants(providerId);
  const list = usePages<StampSubscription>(directoryPath(providerId, 'subscriptions'), {
    'api-version': DIRECTORY_VERSION,
    includeIndirect: true,
    $top: 100,
    $filter: filterOf(filters),
  });
  const columns: readonly Column<StampSubscription>[] = [
    {
      id: 'name',
      title: say('op.name'),
      cell: (one) => (
        <PageLink to="/subscriptions/$id" params={{ id: one.subscriptionId }}>
          {one.displayName}
        </PageLink>
      ),
    },
    { id: 'state', title: say('op.state'), cell: (one) => <State value={one.state} /> },
    { id: 'tenant', title: say('op.tenant'), cell: (one) => nameOf(one.tenantId) },
    { id: 'owner', title: say('op.owner'), cell: (one) => one.owner },
    { id: 'offer', title: say('op.offer'), cell: (one) => one.offerId?.split('/').at(-1) ?? '-' },
    {
      id: 'usage',
      title: say('op.usage'),
      cell: (one) => (
        <PageLink to="/usage" search={{ filters: [`subscription=${one.subscriptionId}`] }}>
          {say('op.usageOf', { name: one.displayName })}
        </PageLink>
      ),
    },
  ];
  return (
    <>
      <SubscriptionFilters providerId={providerId} filters={filters} onChange={change} />
      <DataTable
        caption={say('op.subscriptions.nav')}
        isCaptionHidden
        columns={columns}
        keyOf={(one) => one.subscriptionId}
        list={list}
        empty={say('op.subscriptions.empty')}
      />
    </>
  );
}

function SubscriptionFilters({
  providerId,
  filters,
  onChange,
}: {
  readonly providerId: string;
  readonly filters: Filters;
  readonly onChange: (change: Partial<Filters>) => void;
}): ReactNode {
  const say = useSay();
  const word = useWord('op.state');
  const { tenants } = useTenants(providerId);
  const offers = usePages<Offer>(directoryPath(providerId, 'offers'), {
    'api-version': DIRECTORY_VERSION,
  });
  const { state, tenant, offer, owner } = filters;
  const isFiltered = [state, tenant, offer, owner].some((one) => one !== undefined);
  const none = { state: undefined, tenant: undefined, offer: undefined, owner: undefined };
  return (
    <FilterBar onReset={isFiltered ? () => onChange(none) : undefined}>
      <SelectFilter<SubscriptionState>
        label={say('op.state')}
        all={say('common.all')}
        value={subscriptionStates.find((known) => known === state)}
        choices={subscriptionStates.map((one) => ({ value: one, label: word(one) }))}
        onChange={(chosen) => onChange({ state: chosen })}
      />
      <SelectFilter
        label={say('op.tenant')}
        all={say('common.all')}
        value={tenant}
        choices={tenants.map(({ name, properties }) => ({
          value: properties.tenantId,
          label: name,
        }))}
        onChange={(chosen) => onChange({ tenant: chosen })}
      />
      <SelectFilter
        label={say('op.offer')}
        all={say('common.all')}
        value={offer}
        choices={offers.items.map(({ name, properties }) => ({
          value: name,
          label: properties.displayName ?? name,
        }))}
        onChange={(chosen) => onChange({ offer: chosen })}
      />
      <TextFilter
        label={say('op.owner')}
        value={owner}
        onChange={(chosen) => onChange({ owner: chosen })}
      />
    </FilterBar>
  );
}
