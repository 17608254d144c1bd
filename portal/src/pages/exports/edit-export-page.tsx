import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import { usePart } from '../../app/address.ts';
import { useAnswer, useChange } from '../../api/hooks.ts';
import type { ExportDefinition, ExportTerms } from '../../api/types/exports.ts';
import { ErrorNotice, Loading, PageHeader, PageLink } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { draftOf } from './draft.ts';
import { ExportForm } from './export-form.tsx';
import { EXPORTS, exportPath } from './paths.ts';

/** Changes what an export says; whose it is stays. */
export default function EditExportPage(): ReactNode {
  const say = useSay();
  const navigate = useNavigate();
  const exportId = usePart('export');
  const { accounts } = useAccount();
  const path = exportPath(exportId);
  const { data, error } = useAnswer<ExportDefinition>(path);
  const change = useChange<ExportTerms, ExportDefinition>(
    (api, terms) => api.put<ExportDefinition>(path, terms),
    [EXPORTS],
  );
  const account = accounts.find(({ accountId }) => accountId === data?.accountId);
  const name = data?.name ?? say('exports.title');
  const leave = (): Promise<void> => navigate({ to: `/exports/${exportId}` });
  return (
    <>
      <PageHeader
        title={say('exports.edit.title', { name })}
        description={account?.name}
        trail={
          <PageLink to="/exports/$export" params={{ export: exportId }}>
            {name}
          </PageLink>
        }
      />
      <ErrorNotice error={error} />
      {(data === undefined || account === undefined) && error === null && <Loading />}
      {data !== undefined && account !== undefined && (
        <ExportForm
          account={account}
          draft={draftOf(data)}
          isNew={false}
          save={async (terms) => {
            await change.mutateAsync(terms);
            await leave();
          }}
          cancel={() => void leave()}
        />
      )}
    </>
  );
}
