import type { ReactNode } from 'react';
import { useAccount } from '../../../app/account.ts';
import { may } from '../../../app/area.ts';
import { useViewer } from '../../../app/viewer.tsx';
import { usePages } from '../../../api/hooks.ts';
import type { Adapter } from '../../../api/types/adapters.ts';
import {
  type Column,
  DataTable,
  DateText,
  PageHeader,
  PageLink,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { AdapterState, useKindName } from './adapter-state.tsx';
import { ADAPTERS } from './paths.ts';

function NewAdapter(): ReactNode {
  const say = useSay();
  return (
    <PageLink to="/new-adapter" isButton>
      {say('adapters.new')}
    </PageLink>
  );
}

/** The adapters there are, and how far each is. */
export default function AdaptersPage(): ReactNode {
  const say = useSay();
  const format = useFormats();
  const kindName = useKindName();
  const { nameOf } = useAccount();
  const canWrite = may(useViewer(), 'Stackmeter.Billing/adapters/write');
  const list = usePages<Adapter>(ADAPTERS, undefined, { every: 30_000 });
  const columns: readonly Column<Adapter>[] = [
    {
      id: 'name',
      title: say('adapters.name'),
      cell: ({ adapterId, name }) => (
        <PageLink to="/adapters/$adapter" params={{ adapter: adapterId }}>
          {name}
        </PageLink>
      ),
    },
    { id: 'kind', title: say('adapters.kind'), cell: ({ kind }) => kindName(kind) },
    { id: 'account', title: say('adapters.account'), cell: ({ accountId }) => nameOf(accountId) },
    {
      id: 'state',
      title: say('adapters.state'),
      cell: (adapter) => <AdapterState adapter={adapter} />,
    },
    {
      id: 'to',
      title: say('adapters.deliveredTo'),
      cell: ({ deliveredTo }) => <DateText value={deliveredTo} />,
    },
    {
      id: 'lag',
      title: say('adapters.lag'),
      align: 'end',
      cell: ({ lagHours }) =>
        lagHours !== undefined && say('adapters.lag.hours', { count: lagHours }),
    },
    {
      id: 'held',
      title: say('adapters.held'),
      align: 'end',
      cell: ({ held }) => held !== undefined && format.count(held),
    },
    {
      id: 'dead',
      title: say('adapters.deadLetters'),
      align: 'end',
      cell: ({ deadLetters }) => deadLetters !== undefined && format.count(deadLetters),
    },
  ];
  return (
    <>
      <PageHeader
        title={say('adapters.title')}
        description={say('adapters.description')}
        {...(canWrite && { actions: <NewAdapter /> })}
      />
      <DataTable
        caption={say('adapters.list')}
        isCaptionHidden
        columns={columns}
        keyOf={({ adapterId }) => adapterId}
        list={list}
        empty={say('adapters.none')}
        emptyAction={canWrite && <NewAdapter />}
      />
    </>
  );
}
