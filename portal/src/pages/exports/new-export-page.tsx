import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import { useChange } from '../../api/hooks.ts';
import type { ExportDefinition, ExportTerms } from '../../api/types/exports.ts';
import { Loading, PageHeader, PageLink } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { newExport } from './draft.ts';
import { ExportForm } from './export-form.tsx';
import { EXPORTS, exportPath } from './paths.ts';

/** Makes an export of the account that is chosen. */
export default function NewExportPage(): ReactNode {
  const say = useSay();
  const navigate = useNavigate();
  const { account } = useAccount();
  const create = useChange<ExportTerms, ExportDefinition>(
    (api, terms) => api.put<ExportDefinition>(exportPath(crypto.randomUUID()), terms),
    [EXPORTS],
  );
  return (
    <>
      <PageHeader
        title={say('exports.new')}
        trail={<PageLink to="/exports">{say('exports.title')}</PageLink>}
        description={account?.name}
      />
      {account === undefined ? (
        <Loading />
      ) : (
        <ExportForm
          key={account.accountId}
          account={account}
          draft={newExport(account.kind === 'provider' ? 'selling' : 'buying')}
          isNew
          save={async (terms) => {
            const { exportId } = await create.mutateAsync(terms);
            await navigate({ to: `/exports/${exportId}` });
          }}
          cancel={() => void navigate({ to: '/exports' })}
        />
      )}
    </>
  );
}
