import { ProgressBar, Text } from '@fluentui/react-components';
import { useEffect, useState, type ReactNode } from 'react';
import { usePages } from '../../api/hooks.ts';
import type { ExportRun } from '../../api/types/exports.ts';
import {
  type Column,
  DataTable,
  DateText,
  PageLink,
  Section,
  StateBadge,
  type Tone,
} from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { exportPath } from './paths.ts';

/** How often to look: while something is under way, and otherwise. */
const ACTIVE_MS = 3000;
const IDLE_MS = 30_000;

/** Milliseconds between two looks at what changes by itself, and how to tell whether it still does. */
export function useLooking(): readonly [number, (isBusy: boolean) => void] {
  const [isBusy, setBusy] = useState(true);
  return [isBusy ? ACTIVE_MS : IDLE_MS, setBusy];
}

export function isActive({ state }: Pick<ExportRun, 'state'>): boolean {
  return state === 'Queued' || state === 'Running';
}

/** The runs of an export, the last one first; looked at again while one is under way. */
export function RunList({ exportId }: { readonly exportId: string }): ReactNode {
  const say = useSay();
  const [every, tellBusy] = useLooking();
  const list = usePages<ExportRun>(`${exportPath(exportId)}/runs`, undefined, { every });
  const hasActive = list.items.some(isActive);
  useEffect(() => tellBusy(hasActive), [hasActive, tellBusy]);
  const columns: readonly Column<ExportRun>[] = [
    {
      id: 'at',
      title: say('exports.run.at'),
      cell: ({ runId, createdAt }) => (
        <PageLink to="/exports/$export/runs/$run" params={{ export: exportId, run: runId }}>
          <DateText value={createdAt} />
        </PageLink>
      ),
    },
    {
      id: 'cause',
      title: say('exports.run.cause'),
      cell: ({ cause }) => say(`exports.run.cause.${cause}`),
    },
    { id: 'state', title: say('exports.state'), cell: (run) => <RunState run={run} /> },
    {
      id: 'progress',
      title: say('exports.run.progress'),
      cell: (run) => <RunProgress run={run} />,
    },
    {
      id: 'finished',
      title: say('exports.run.finished'),
      cell: ({ finishedAt }) => <DateText value={finishedAt} />,
    },
    {
      id: 'problem',
      title: say('exports.run.problem'),
      cell: (run) => <RunProblem run={run} />,
    },
  ];
  return (
    <Section title={say('exports.runs')}>
      <DataTable
        caption={say('exports.runs')}
        isCaptionHidden
        columns={columns}
        keyOf={({ runId }) => runId}
        list={list}
        empty={say('exports.runs.none')}
      />
    </Section>
  );
}

const tones: Readonly<Record<ExportRun['state'], Tone>> = {
  Queued: 'neutral',
  Running: 'info',
  Succeeded: 'good',
  Failed: 'bad',
};

export function RunState({ run: { state } }: { readonly run: ExportRun }): ReactNode {
  const say = useSay();
  return <StateBadge tone={tones[state]}>{say(`exports.run.state.${state}`)}</StateBadge>;
}

/** How many of its periods are delivered, and how many rows they have. */
export function RunProgress({ run }: { readonly run: ExportRun }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const { partitions, delivered } = run;
  const rows = format.decimal(run.rows);
  if (partitions === undefined) return say('exports.run.progress.unknown', { rows });
  const text = say('exports.run.progress.of', { done: delivered, all: partitions.length, rows });
  return (
    <>
      {isActive(run) && partitions.length > 0 && (
        <ProgressBar
          aria-label={say('exports.run.progress')}
          aria-valuetext={text}
          value={delivered}
          max={partitions.length}
        />
      )}
      {text}
    </>
  );
}

export function RunProblem({ run }: { readonly run: ExportRun }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const { problem, nextAttemptAt, attempts } = run;
  if (problem === undefined) return null;
  return (
    <>
      <span lang="en">{problem}</span>
      {isActive(run) && nextAttemptAt !== undefined && (
        <Text block size={200}>
          {say('exports.run.again', {
            time: format.time(nextAttemptAt),
            attempt: attempts + 1,
          })}
        </Text>
      )}
    </>
  );
}
