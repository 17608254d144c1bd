import type { ReactNode } from 'react';
import { usePages, type Pages } from '../../../api/hooks.ts';
import type { ListedPrincipal } from '../../../api/types/administration.ts';
import type { RoleAssignment, RoleDefinition } from '../../../api/types/stamp.ts';
import { Code, DataTable, DateText, PageLink, Section } from '../../../components/index.ts';
import { may } from '../../../app/area.ts';
import { useViewer } from '../../../app/viewer.tsx';
import { useSay } from '../../../i18n/language.tsx';
import { ROLES_VERSION } from '../shared/provider.ts';
import { useWord } from '../shared/state.tsx';

const ALL_ROLES = '/providers/Microsoft.Authorization/roleDefinitions';
/** More are shown by their ids. */
const MOST_NAMES = 200;

/** Who has which role on a subscription: given on it, within it or on the whole stamp. */
export function RoleAssignments({
  subscriptionId,
}: {
  readonly subscriptionId: string;
}): ReactNode {
  const say = useSay();
  const word = useWord('op.principalType');
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization`;
  const query = { 'api-version': ROLES_VERSION };
  const list = usePages<RoleAssignment>(`${path}/roleAssignments`, query);
  // Those that can be given on a subscription, and those that are given on the whole stamp.
  const within = usePages<RoleDefinition>(`${path}/roleDefinitions`, query);
  const whole = usePages<RoleDefinition>(ALL_ROLES, query);
  const seesPrincipals = may(useViewer(), 'Stackmeter.Identity/principals/read');
  const named = [
    usePrincipals('client', seesPrincipals).items,
    usePrincipals('user', seesPrincipals).items,
  ].flat();
  const nameOf = (id: string): ReactNode =>
    named.find(({ principalId }) => principalId === id)?.name ?? <Code>{id}</Code>;
  const roleOf = ({ properties }: RoleAssignment): string => {
    const id = properties.roleDefinitionId.split('/').at(-1);
    const found = [...within.items, ...whole.items].find(({ name }) => name === id);
    return found?.properties.roleName ?? id ?? '';
  };
  return (
    <Section title={say('op.roles')}>
      <DataTable
        caption={say('op.roles')}
        isCaptionHidden
        keyOf={({ id }) => id}
        list={list}
        empty={say('op.roles.empty')}
        columns={[
          {
            id: 'principal',
            title: say('op.principal'),
            cell: ({ properties: { principalId, principalType } }) =>
              seesPrincipals && principalType !== 'Unknown' ? (
                <PageLink to="/principals/$id" params={{ id: principalId }}>
                  {nameOf(principalId)}
                </PageLink>
              ) : (
                <Code>{principalId}</Code>
              ),
          },
          {
            id: 'kind',
            title: say('op.kind'),
            cell: ({ properties }) => word(properties.principalType ?? 'Unknown'),
          },
          { id: 'role', title: say('op.role'), cell: roleOf },
          {
            id: 'scope',
            title: say('op.scope'),
            cell: ({ properties: { scope } }) => {
              if (scope === '/') return say('op.wholeStamp');
              if (scope === `/subscriptions/${subscriptionId}`) return say('op.thisSubscription');
              return <Code>{scope}</Code>;
            },
          },
          {
            id: 'since',
            title: say('op.since'),
            cell: ({ properties }) => <DateText value={properties.createdOn} />,
          },
        ]}
      />
    </Section>
  );
}

function usePrincipals(kind: 'client' | 'user', enabled: boolean): Pages<ListedPrincipal> {
  return usePages<ListedPrincipal>('/api/v1/principals', { kind, limit: MOST_NAMES }, { enabled });
}
