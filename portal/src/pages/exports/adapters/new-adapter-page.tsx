import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useAccount } from '../../../app/account.ts';
import { useChange } from '../../../api/hooks.ts';
import type { Adapter, AdapterTerms, MadeAdapter } from '../../../api/types/adapters.ts';
import {
  Code,
  CopyButton,
  Loading,
  Notice,
  PageHeader,
  PageLink,
} from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { AdapterForm } from './adapter-form.tsx';
import { newAdapter } from './draft.ts';
import { ADAPTERS, adapterPath } from './paths.ts';

/** Makes an adapter for the account that is chosen. The key of a webhook is told once, here. */
export default function NewAdapterPage(): ReactNode {
  const say = useSay();
  const navigate = useNavigate();
  const { account, isPending } = useAccount();
  const [made, setMade] = useState<MadeAdapter>();
  const create = useChange<AdapterTerms, MadeAdapter>(
    (api, terms) => api.put<MadeAdapter>(adapterPath(crypto.randomUUID()), terms),
    [ADAPTERS],
  );
  const open = ({ adapterId }: Adapter): Promise<void> =>
    navigate({ to: `/adapters/${adapterId}` });
  return (
    <>
      <PageHeader
        title={say('adapters.new')}
        trail={<PageLink to="/adapters">{say('adapters.title')}</PageLink>}
        description={account?.name}
      />
      {account === undefined &&
        (isPending ? <Loading /> : <Notice>{say('adapters.noAccount')}</Notice>)}
      {made?.secret !== undefined && (
        <>
          <Notice
            tone="success"
            title={say('adapters.form.made')}
            isNews
            actions={<CopyButton text={made.secret}>{say('adapters.form.copyKey')}</CopyButton>}
          >
            {say('adapters.form.key')} <Code>{made.secret}</Code>
          </Notice>
          <PageLink to="/adapters/$adapter" params={{ adapter: made.adapterId }} isButton>
            {say('adapters.form.open', { name: made.name })}
          </PageLink>
        </>
      )}
      {account !== undefined && made === undefined && (
        <AdapterForm
          key={account.accountId}
          accountId={account.accountId}
          draft={newAdapter()}
          isNew
          save={async (terms) => {
            const adapter = await create.mutateAsync(terms);
            if (adapter.secret === undefined) await open(adapter);
            else setMade(adapter);
          }}
          cancel={() => void navigate({ to: '/adapters' })}
        />
      )}
    </>
  );
}
