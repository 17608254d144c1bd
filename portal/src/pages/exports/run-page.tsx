import { useEffect, type ReactNode } from 'react';
import { usePart } from '../../app/address.ts';
import { useAnswer } from '../../api/hooks.ts';
import type {
  ConformanceReport,
  ExportDefinition,
  ExportFile,
  ExportRunWithFiles,
} from '../../api/types/exports.ts';
import {
  Code,
  type Column,
  DataTable,
  DateText,
  DownloadButton,
  ErrorNotice,
  Facts,
  Loading,
  PageHeader,
  PageLink,
  Section,
} from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { Conformance } from './conformance.tsx';
import { exportPath, runPath } from './paths.ts';
import { isActive, RunProblem, RunProgress, RunState, useLooking } from './run-list.tsx';

/** One time that an export was done: how far it is, its files, and how they keep to the rules. */
export default function RunPage(): ReactNode {
  const say = useSay();
  const format = useFormats();
  const [exportId, runId] = [usePart('export'), usePart('run')];
  const path = runPath(exportId, runId);
  const { data: of } = useAnswer<ExportDefinition>(exportPath(exportId));
  const [every, tellBusy] = useLooking();
  const { data, error, refetch } = useAnswer<ExportRunWithFiles>(path, undefined, { every });
  const isBusy = data === undefined || isActive(data);
  useEffect(() => tellBusy(isBusy), [isBusy, tellBusy]);
  const time = data === undefined ? '' : format.time(data.createdAt);
  return (
    <>
      <PageHeader
        title={say('exports.run.title', { time })}
        trail={
          <PageLink to="/exports/$export" params={{ export: exportId }}>
            {of?.name ?? say('exports.title')}
          </PageLink>
        }
      />
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <Outcome run={data} />
          <Files run={data} isHere={of?.destination.kind !== 's3'} path={path} />
          {of?.destination.kind === 'folder' && <Reports run={data} path={path} />}
        </>
      )}
    </>
  );
}

function Outcome({ run }: { readonly run: ExportRunWithFiles }): ReactNode {
  const say = useSay();
  return (
    <Facts
      items={[
        { label: say('exports.state'), value: <RunState run={run} /> },
        { label: say('exports.run.cause'), value: say(`exports.run.cause.${run.cause}`) },
        { label: say('exports.run.progress'), value: <RunProgress run={run} /> },
        {
          label: say('exports.run.finished'),
          value: run.finishedAt && <DateText value={run.finishedAt} />,
        },
        { label: say('exports.run.problem'), value: run.problem && <RunProblem run={run} /> },
      ]}
    />
  );
}

interface FilesProps {
  readonly run: ExportRunWithFiles;
  /** Of the run. */
  readonly path: string;
}

function Files({
  run,
  path,
  isHere,
}: FilesProps & {
  /** In a folder of the server, rather than in a bucket. */
  readonly isHere: boolean;
}): ReactNode {
  const say = useSay();
  const format = useFormats();
  const columns: readonly Column<ExportFile>[] = [
    { id: 'name', title: say('exports.file.name'), cell: (file) => <Code>{file.path}</Code> },
    {
      id: 'rows',
      title: say('exports.file.rows'),
      align: 'end',
      cell: ({ table, rows }) => table !== undefined && format.count(rows),
    },
    {
      id: 'bytes',
      title: say('exports.file.bytes'),
      align: 'end',
      cell: ({ bytes }) => say('exports.bytes', { count: format.count(bytes) }),
    },
    {
      id: 'sha256',
      title: say('exports.file.sha256'),
      cell: ({ sha256 }) => sha256 !== '' && <span title={sha256}>{sha256.slice(0, 12)}…</span>,
    },
  ];
  const download: Column<ExportFile> = {
    id: 'download',
    title: say('exports.file.download'),
    cell: ({ name, path: full }) => (
      <DownloadButton path={`${path}/files/${encodeURIComponent(name)}`} fileName={lastPart(full)}>
        {lastPart(full)}
      </DownloadButton>
    ),
  };
  return (
    <Section title={say('exports.files')}>
      {!isHere && <p>{say('exports.files.elsewhere')}</p>}
      <DataTable
        caption={say('exports.files')}
        isCaptionHidden
        columns={isHere ? [...columns, download] : columns}
        keyOf={({ name }) => name}
        items={run.files}
        empty={say(isActive(run) ? 'exports.files.soon' : 'exports.files.none')}
      />
    </Section>
  );
}

const REPORT = 'conformance-report.json';
/** More are in the files themselves. */
const MOST_REPORTS = 3;

/** What the checks of the newest periods came to. */
function Reports({ run, path }: FilesProps): ReactNode {
  const reports = run.files
    .filter((file) => lastPart(file.path) === REPORT)
    .toSorted((one, other) => (one.path < other.path ? 1 : -1))
    .slice(0, MOST_REPORTS);
  return reports.map((file) => (
    <Report key={file.name} path={`${path}/files/${encodeURIComponent(file.name)}`} file={file} />
  ));
}

function Report({ path, file }: { readonly path: string; readonly file: ExportFile }): ReactNode {
  const say = useSay();
  const { data, error } = useAnswer<ConformanceReport>(path);
  return (
    <Section title={say('exports.conformance.period', { period: file.path.split('/')[0] ?? '' })}>
      <ErrorNotice error={error} />
      {data !== undefined && <Conformance report={data} />}
    </Section>
  );
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
