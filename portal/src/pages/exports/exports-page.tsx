import type { ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import { may } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import { usePages } from '../../api/hooks.ts';
import type { ExportDefinition } from '../../api/types/exports.ts';
import {
  type Column,
  DataTable,
  DateText,
  PageHeader,
  PageLink,
  Section,
  StateBadge,
} from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { EXPORTS } from './paths.ts';
import { PowerBiCard } from './power-bi-card.tsx';

/** The exports there are, and the feed for those who want no files. */
export default function ExportsPage(): ReactNode {
  const say = useSay();
  const viewer = useViewer();
  const canWrite = may(viewer, 'Microsoft.CostManagement/exports/write');
  return (
    <>
      <PageHeader
        title={say('exports.title')}
        description={say('exports.description')}
        {...(canWrite && { actions: <NewExport /> })}
      />
      <ExportList canWrite={canWrite} />
      <Section title={say('exports.powerBi')}>
        <PowerBiCard />
      </Section>
    </>
  );
}

function NewExport(): ReactNode {
  const say = useSay();
  return (
    <PageLink to="/new-export" isButton>
      {say('exports.new')}
    </PageLink>
  );
}

function ExportList({ canWrite }: { readonly canWrite: boolean }): ReactNode {
  const say = useSay();
  const { nameOf } = useAccount();
  const list = usePages<ExportDefinition>(EXPORTS);
  const columns: readonly Column<ExportDefinition>[] = [
    {
      id: 'name',
      title: say('exports.name'),
      cell: ({ exportId, name }) => (
        <PageLink to="/exports/$export" params={{ export: exportId }}>
          {name}
        </PageLink>
      ),
    },
    { id: 'account', title: say('exports.account'), cell: ({ accountId }) => nameOf(accountId) },
    {
      id: 'dataset',
      title: say('exports.dataset'),
      cell: ({ dataset }) => say(`exports.dataset.${dataset}`),
    },
    {
      id: 'format',
      title: say('exports.format'),
      cell: ({ format }) => say(`exports.format.${format}`),
    },
    {
      id: 'schedule',
      title: say('exports.schedule'),
      cell: ({ schedule }) => say(`exports.schedule.${schedule}`),
    },
    {
      id: 'next',
      title: say('exports.next'),
      cell: ({ nextRunAt }) => <DateText value={nextRunAt} />,
    },
    { id: 'state', title: say('exports.state'), cell: (one) => <ExportState export={one} /> },
  ];
  return (
    <DataTable
      caption={say('exports.list')}
      isCaptionHidden
      columns={columns}
      keyOf={({ exportId }) => exportId}
      list={list}
      empty={say('exports.none')}
      emptyAction={canWrite && <NewExport />}
    />
  );
}

export function ExportState({
  export: { state },
}: {
  readonly export: ExportDefinition;
}): ReactNode {
  const say = useSay();
  return (
    <StateBadge tone={state === 'Enabled' ? 'good' : 'neutral'}>
      {say(`exports.state.${state}`)}
    </StateBadge>
  );
}
