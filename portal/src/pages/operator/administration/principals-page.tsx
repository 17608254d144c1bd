import type { ReactNode } from 'react';
import { usePages } from '../../../api/hooks.ts';
import type { ListedPrincipal } from '../../../api/types/administration.ts';
import { useSearchState } from '../../../app/address.ts';
import { addDays, today } from '../../../app/clock.ts';
import {
  DataTable,
  DateText,
  FilterBar,
  PageHeader,
  PageLink,
  Section,
  SelectFilter,
  StateBadge,
  TextFilter,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Commands } from '../shared/command.tsx';
import { State } from '../shared/state.tsx';

interface Filters {
  readonly kind?: string | undefined;
  readonly search?: string | undefined;
}

/** Credentials that end within so many days are pointed out. */
const SOON_DAYS = 30;

/** Clients and users: emitters, bridges, people; with what they may do and when their credentials end. */
export default function PrincipalsPage(): ReactNode {
  const say = useSay();
  const [{ kind, search }, change] = useSearchState<Filters>();
  const shown = kind === 'user' ? 'user' : 'client';
  const list = usePages<ListedPrincipal>('/api/v1/principals', { kind: shown, search });
  return (
    <>
      <PageHeader title={say('op.principals.nav')} description={say('op.principals.text')} />
      <FilterBar>
        <SelectFilter
          label={say('op.kind')}
          value={shown}
          choices={[
            { value: 'client', label: say('op.principals.clients') },
            { value: 'user', label: say('op.principals.users') },
          ]}
          onChange={(chosen) => change({ kind: chosen === 'user' ? chosen : undefined })}
        />
        <TextFilter
          label={say('op.search')}
          value={search}
          onChange={(text) => change({ search: text })}
        />
      </FilterBar>
      <Principals list={list} kind={shown} />
      <Section title={say('op.commands')}>
        <p>{say('op.commands.text')}</p>
        <Commands
          items={
            shown === 'client'
              ? [
                  {
                    what: say('op.client.add'),
                    command:
                      'stackmeter client add --name NAME --role Emitter --scope / --provider Microsoft.Compute',
                  },
                ]
              : [
                  {
                    what: say('op.user.add'),
                    command: 'stackmeter user add --name NAME --user-name NAME@DIRECTORY',
                  },
                ]
          }
        />
      </Section>
    </>
  );
}

function Principals({
  list,
  kind,
}: {
  readonly list: ReturnType<typeof usePages<ListedPrincipal>>;
  readonly kind: 'client' | 'user';
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const soon = addDays(today(), SOON_DAYS);
  return (
    <DataTable
      caption={say(kind === 'client' ? 'op.principals.clients' : 'op.principals.users')}
      isCaptionHidden
      list={list}
      keyOf={({ principalId }) => principalId}
      empty={say('op.noMatch')}
      columns={[
        {
          id: 'name',
          title: say('op.name'),
          cell: ({ principalId, name, userName }) => (
            <>
              <PageLink to="/principals/$id" params={{ id: principalId }}>
                {name}
              </PageLink>
              {userName !== undefined && userName !== name && <div>{userName}</div>}
            </>
          ),
        },
        {
          id: 'state',
          title: say('op.state'),
          cell: ({ disabledAt }) => (
            <State value={disabledAt === undefined ? 'Enabled' : 'Disabled'} />
          ),
        },
        {
          id: 'roles',
          title: say('op.roles'),
          cell: ({ roles }) =>
            roles.length === 0
              ? '-'
              : roles.map(({ role, scope, providers }) => (
                  <div key={`${role} ${scope}`}>
                    {scope === '/' ? role : say('op.roleOn', { role, scope })}
                    {providers !== undefined && ` (${providers.join(', ')})`}
                  </div>
                )),
        },
        ...(kind === 'client'
          ? [
              {
                id: 'credentials',
                title: say('op.credentials'),
                align: 'end' as const,
                cell: ({ credentials }: ListedPrincipal) => formats.count(credentials),
              },
              {
                id: 'expiry',
                title: say('op.credentials.next'),
                cell: ({ nextExpiry }: ListedPrincipal) =>
                  nextExpiry !== undefined && nextExpiry.slice(0, 10) <= soon ? (
                    <StateBadge tone="warning">{formats.time(nextExpiry)}</StateBadge>
                  ) : (
                    <DateText value={nextExpiry} />
                  ),
              },
            ]
          : []),
        {
          id: 'created',
          title: say('op.created'),
          cell: ({ createdAt }) => <DateText value={createdAt} />,
        },
      ]}
    />
  );
}
