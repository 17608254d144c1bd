import { Button, makeStyles } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useAccount } from '../../app/account.ts';
import { usePart } from '../../app/address.ts';
import { may } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import { asApiError, useAnswer, useChange } from '../../api/hooks.ts';
import type { ExportDefinition, ExportRun } from '../../api/types/exports.ts';
import {
  Code,
  ConfirmDialog,
  DateText,
  ErrorNotice,
  Facts,
  Loading,
  Notice,
  PageHeader,
  PageLink,
  Section,
} from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { isFocus } from './draft.ts';
import { ExportState } from './exports-page.tsx';
import { EXPORTS, exportPath } from './paths.ts';
import { RunList } from './run-list.tsx';

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px', alignItems: 'center' },
});

/** An export: what it is, and what came of it. */
export default function ExportPage(): ReactNode {
  const say = useSay();
  const exportId = usePart('export');
  const { data, error, refetch } = useAnswer<ExportDefinition>(exportPath(exportId));
  return (
    <>
      <PageHeader
        title={data?.name ?? say('exports.title')}
        trail={<PageLink to="/exports">{say('exports.title')}</PageLink>}
      />
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <Actions export={data} />
          <Settings export={data} />
          <RunList exportId={exportId} />
        </>
      )}
    </>
  );
}

interface Shown {
  readonly export: ExportDefinition;
}

function Actions({ export: one }: Shown): ReactNode {
  const { exportId, state, name } = one;
  const styles = useStyles();
  const say = useSay();
  const viewer = useViewer();
  const navigate = useNavigate();
  const [isAsking, ask] = useState(false);
  const path = exportPath(exportId);
  const run = useChange<undefined, ExportRun>((api) => api.post(`${path}/run`, {}), [path]);
  const enable = useChange<ExportDefinition['state'], ExportDefinition>(
    (api, wanted) => api.put(path, { state: wanted }),
    [EXPORTS],
  );
  const remove = useChange((api) => api.delete(path), [EXPORTS]);
  const canWrite = may(viewer, 'Microsoft.CostManagement/exports/write');
  const other = state === 'Enabled' ? 'Disabled' : 'Enabled';
  return (
    <>
      <ErrorNotice error={asApiError(run.error ?? enable.error)} />
      {run.isSuccess && (
        <Notice tone="success" isNews>
          {say('exports.run.started')}
        </Notice>
      )}
      <div className={styles.actions}>
        {canWrite && (
          <>
            <Button
              appearance="primary"
              disabledFocusable={run.isPending}
              onClick={() => run.mutate(undefined)}
            >
              {say('exports.run')}
            </Button>
            <Button disabledFocusable={enable.isPending} onClick={() => enable.mutate(other)}>
              {say(state === 'Enabled' ? 'exports.disable' : 'exports.enable')}
            </Button>
            <PageLink to="/exports/$export/edit" params={{ export: exportId }}>
              {say('exports.edit')}
            </PageLink>
          </>
        )}
        {may(viewer, 'Microsoft.CostManagement/exports/delete') && (
          <Button onClick={() => ask(true)}>{say('exports.delete')}</Button>
        )}
      </div>
      {isAsking && (
        <ConfirmDialog
          isOpen
          title={say('exports.delete.title', { name })}
          confirmLabel={say('exports.delete')}
          onConfirm={() => remove.mutateAsync(undefined)}
          onClose={(wasDone) => {
            ask(false);
            if (wasDone) void navigate({ to: '/exports' });
          }}
        >
          {say('exports.delete.text')}
        </ConfirmDialog>
      )}
    </>
  );
}

function Settings({ export: one }: Shown): ReactNode {
  const say = useSay();
  const { nameOf } = useAccount();
  const { accountId, dataset, view, granularity, format, layout, delivery, schedule } = one;
  return (
    <Section title={say('exports.settings')}>
      <Facts
        items={[
          { label: say('exports.state'), value: <ExportState export={one} /> },
          { label: say('exports.account'), value: nameOf(accountId) },
          { label: say('exports.dataset'), value: say(`exports.dataset.${dataset}`) },
          { label: say('exports.view'), value: isFocus(one) && say(`exports.view.${view}`) },
          {
            label: say('exports.granularity'),
            value: granularity && say(`exports.granularity.${granularity}`),
          },
          { label: say('exports.format'), value: say(`exports.format.${format}`) },
          { label: say('exports.layout'), value: isFocus(one) && say(`exports.layout.${layout}`) },
          { label: say('exports.delivery'), value: say(`exports.delivery.${delivery}`) },
          { label: say('exports.schedule'), value: say(`exports.schedule.${schedule}`) },
          {
            label: say('exports.next'),
            value:
              one.nextRunAt === undefined ? (
                say('exports.next.never')
              ) : (
                <DateText value={one.nextRunAt} />
              ),
          },
          { label: say('exports.destination'), value: <Destination export={one} /> },
          { label: say('exports.created'), value: <DateText value={one.createdAt} /> },
        ]}
      />
    </Section>
  );
}

function Destination({ export: { destination } }: Shown): ReactNode {
  const say = useSay();
  const { kind } = destination;
  return (
    <>
      {say(`exports.destination.${kind}`)}
      <br />
      <Code>
        {kind === 'folder'
          ? destination.path
          : `${destination.endpoint}/${destination.bucket}/${destination.prefix}`}
      </Code>
    </>
  );
}
