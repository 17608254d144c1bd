import type { ReactNode } from 'react';
import { useAnswer } from '../../../api/hooks.ts';
import type { Credential, ShownPrincipal } from '../../../api/types/administration.ts';
import { usePart } from '../../../app/address.ts';
import { now } from '../../../app/clock.ts';
import {
  Code,
  DataTable,
  DateText,
  Facts,
  PageHeader,
  PageLink,
  Section,
  StateBadge,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { Commands, type Command } from '../shared/command.tsx';
import { State } from '../shared/state.tsx';

const SOON_MS = 30 * 86_400_000;

/** One client or user: its roles, its credentials, and the commands that change it. */
export default function PrincipalPage(): ReactNode {
  const say = useSay();
  const answer = useAnswer<ShownPrincipal>(
    `/api/v1/principals/${encodeURIComponent(usePart('id'))}`,
  );
  return (
    <Answered answer={answer} isPage>
      {(one) => (
        <>
          <PageHeader
            title={one.name}
            trail={
              <PageLink to="/principals" search={one.kind === 'user' ? { kind: 'user' } : {}}>
                {say('op.principals.nav')}
              </PageLink>
            }
          />
          <Facts
            items={[
              {
                label: say('op.state'),
                value: <State value={one.disabledAt === undefined ? 'Enabled' : 'Disabled'} />,
              },
              {
                label: say('op.kind'),
                value: say(one.kind === 'client' ? 'op.principal.client' : 'op.principal.user'),
              },
              { label: say('op.principal.userName'), value: one.userName },
              { label: say('op.id'), value: <Code>{one.principalId}</Code> },
              { label: say('op.tenantId'), value: <Code>{one.tenantId}</Code> },
              { label: say('op.created'), value: <DateText value={one.createdAt} /> },
              {
                label: say('op.principal.disabledAt'),
                value: one.disabledAt && <DateText value={one.disabledAt} />,
              },
              {
                label: say('op.audit.nav'),
                value: (
                  <PageLink to="/audit" search={{ target: `/principals/${one.principalId}` }}>
                    {say('op.principal.changes')}
                  </PageLink>
                ),
              },
            ]}
          />
          <Roles one={one} />
          {one.kind === 'client' && <Credentials items={one.credentials} />}
          <Section title={say('op.commands')}>
            <p>{say('op.commands.text')}</p>
            <Commands items={commandsFor(one, say)} />
          </Section>
        </>
      )}
    </Answered>
  );
}

function commandsFor(one: ShownPrincipal, say: (id: string) => string): readonly Command[] {
  const { kind, principalId: id, userName, disabledAt } = one;
  const named = kind === 'client' ? `client VERB ${id}` : `user VERB ${userName ?? id}`;
  const command = (verb: string): string => `stackmeter ${named.replace('VERB', verb)}`;
  const [verb, what] =
    disabledAt === undefined
      ? (['disable', 'op.principal.disable'] as const)
      : (['enable', 'op.principal.enable'] as const);
  return [
    { what: say(what), command: command(verb) },
    ...(kind === 'client'
      ? [{ what: say('op.client.addSecret'), command: command('add-secret') }]
      : [{ what: say('op.user.setPassword'), command: command('set-password') }]),
    { what: say('op.principal.remove'), command: command('remove') },
  ];
}

function Roles({ one: { roles } }: { readonly one: ShownPrincipal }): ReactNode {
  const say = useSay();
  return (
    <Section title={say('op.roles')}>
      <DataTable
        caption={say('op.roles')}
        isCaptionHidden
        items={roles}
        keyOf={({ role, scope }) => `${role} ${scope}`}
        empty={say('op.principal.noRoles')}
        columns={[
          { id: 'role', title: say('op.role'), cell: ({ role }) => role },
          {
            id: 'scope',
            title: say('op.scope'),
            cell: ({ scope }) => (scope === '/' ? say('op.wholeStamp') : <Code>{scope}</Code>),
          },
          {
            id: 'providers',
            title: say('op.namespaces'),
            cell: ({ providers }) => providers?.join(', ') ?? say('common.all'),
          },
        ]}
      />
    </Section>
  );
}

function Credentials({ items }: { readonly items: readonly Credential[] }): ReactNode {
  const say = useSay();
  return (
    <Section title={say('op.credentials')}>
      <DataTable
        caption={say('op.credentials')}
        isCaptionHidden
        items={items}
        keyOf={({ credentialId }) => credentialId}
        empty={say('op.credentials.empty')}
        columns={[
          { id: 'name', title: say('op.name'), cell: ({ name }) => name },
          { id: 'kind', title: say('op.kind'), cell: ({ kind }) => say(`op.credential.${kind}`) },
          {
            id: 'state',
            title: say('op.state'),
            cell: ({ expiresAt }) => <CredentialState expiresAt={expiresAt} />,
          },
          {
            id: 'expires',
            title: say('op.credential.expires'),
            cell: ({ expiresAt }) =>
              expiresAt === undefined ? say('op.never') : <DateText value={expiresAt} />,
          },
          {
            id: 'created',
            title: say('op.created'),
            cell: ({ createdAt }) => <DateText value={createdAt} />,
          },
          {
            id: 'id',
            title: say('op.id'),
            cell: ({ credentialId, thumbprint }) => (
              <>
                <Code>{credentialId}</Code>
                {thumbprint !== undefined && (
                  <div>
                    <Code>{thumbprint}</Code>
                  </div>
                )}
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}

function CredentialState({ expiresAt }: { readonly expiresAt: string | undefined }): ReactNode {
  const say = useSay();
  const left = expiresAt === undefined ? Infinity : Date.parse(expiresAt) - now();
  if (left <= 0) return <StateBadge tone="bad">{say('op.credential.expired')}</StateBadge>;
  if (left < SOON_MS) return <StateBadge tone="warning">{say('op.credential.soon')}</StateBadge>;
  return <StateBadge tone="good">{say('op.credential.valid')}</StateBadge>;
}
