import type { ReactNode } from 'react';
import { usePages } from '../../../api/hooks.ts';
import type { DirectoryTenant } from '../../../api/types/stamp.ts';
import { Code, DataTable, PageHeader, PageLink } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { DIRECTORY_VERSION, directoryPath } from '../shared/provider.ts';
import { WithProvider } from '../shared/with-provider.tsx';

/** The directories whose users and clients may have subscriptions. */
export default function TenantsPage(): ReactNode {
  const say = useSay();
  return (
    <>
      <PageHeader title={say('op.tenants.nav')} description={say('op.tenants.text')} />
      <WithProvider>{(providerId) => <Tenants providerId={providerId} />}</WithProvider>
    </>
  );
}

function Tenants({ providerId }: { readonly providerId: string }): ReactNode {
  const say = useSay();
  const list = usePages<DirectoryTenant>(directoryPath(providerId, 'directoryTenants'), {
    'api-version': DIRECTORY_VERSION,
  });
  return (
    <DataTable
      caption={say('op.tenants.nav')}
      isCaptionHidden
      keyOf={({ id }) => id}
      list={list}
      empty={say('op.tenants.empty')}
      columns={[
        { id: 'name', title: say('op.name'), cell: ({ name }) => name },
        {
          id: 'id',
          title: say('op.tenantId'),
          cell: ({ properties }) => <Code>{properties.tenantId}</Code>,
        },
        {
          id: 'subscriptions',
          title: say('op.subscriptions.nav'),
          cell: ({ name, properties }) => (
            <PageLink to="/subscriptions" search={{ tenant: properties.tenantId }}>
              {say('op.tenants.subscriptions', { name })}
            </PageLink>
          ),
        },
      ]}
    />
  );
}
