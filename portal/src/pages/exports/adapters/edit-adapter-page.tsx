import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usePart } from '../../../app/address.ts';
import { useAnswer, useChange } from '../../../api/hooks.ts';
import type { Adapter, AdapterTerms } from '../../../api/types/adapters.ts';
import { ErrorNotice, Loading, PageHeader, PageLink } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';
import { AdapterForm } from './adapter-form.tsx';
import { draftOf } from './draft.ts';
import { ADAPTERS, adapterPath } from './paths.ts';

/** Changes what an adapter says, such as what the other side calls things. */
export default function EditAdapterPage(): ReactNode {
  const say = useSay();
  const navigate = useNavigate();
  const adapterId = usePart('adapter');
  const path = adapterPath(adapterId);
  const { data, error } = useAnswer<Adapter>(path);
  const change = useChange<AdapterTerms, Adapter>(
    (api, terms) => api.put<Adapter>(path, terms),
    [ADAPTERS],
  );
  const name = data?.name ?? say('adapters.title');
  const leave = (): Promise<void> => navigate({ to: `/adapters/${adapterId}` });
  return (
    <>
      <PageHeader
        title={say('adapters.edit.title', { name })}
        trail={
          <PageLink to="/adapters/$adapter" params={{ adapter: adapterId }}>
            {name}
          </PageLink>
        }
      />
      <ErrorNotice error={error} />
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <AdapterForm
          accountId={data.accountId}
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
