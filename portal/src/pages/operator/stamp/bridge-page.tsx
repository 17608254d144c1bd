import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useAnswer, useChange, usePages } from '../../../api/hooks.ts';
import type { BridgeStatus, DryRun, SentWindow } from '../../../api/types/stamp.ts';
import { may } from '../../../app/area.ts';
import { useSearchState } from '../../../app/address.ts';
import { addDays, today } from '../../../app/clock.ts';
import { useViewer } from '../../../app/viewer.tsx';
import {
  Code,
  ConfirmDialog,
  DataTable,
  DateText,
  DayFilter,
  Facts,
  FilterBar,
  Notice,
  PageHeader,
  Section,
  StateBadge,
} from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';
import { Answered } from '../shared/answered.tsx';
import { useDuration } from '../shared/duration.ts';
import { useNews } from '../shared/news.tsx';
import { State, useWord } from '../shared/state.tsx';
import { windowTime } from '../shared/window-time.ts';

const EVERY_MS = 30_000;

/** How the stamp reports to commerce: the activation, how far it is, and what stands in its way. */
export default function BridgePage(): ReactNode {
  const say = useSay();
  const answer = useAnswer<BridgeStatus>('/api/v1/bridge', undefined, { every: EVERY_MS });
  const [news, tell] = useNews();
  const viewer = useViewer();
  const [isRotating, setRotating] = useState(false);
  const rotate = useChange<undefined, { readonly thumbprint: string }>(
    (api) => api.post('/api/v1/bridge/rotate-key'),
    ['/api/v1/bridge'],
  );
  const mayRotate =
    may(viewer, 'Microsoft.AzureBridge.Admin/activations/write') && answer.data?.activation;
  return (
    <>
      <PageHeader
        title={say('op.bridge.nav')}
        description={say('op.bridge.text')}
        actions={
          mayRotate && <Button onClick={() => setRotating(true)}>{say('op.bridge.rotate')}</Button>
        }
      />
      {news}
      <Answered answer={answer}>{(status) => <Status status={status} />}</Answered>
      <Next />
      <Sent />
      {isRotating && (
        <ConfirmDialog
          isOpen
          title={say('op.bridge.rotate')}
          confirmLabel={say('op.bridge.rotate')}
          onConfirm={async () => {
            const { thumbprint } = await rotate.mutateAsync(undefined);
            tell({ tone: 'success', text: say('op.bridge.rotated', { thumbprint }) });
          }}
          onClose={() => setRotating(false)}
        >
          {say('op.bridge.rotate.text')}
        </ConfirmDialog>
      )}
    </>
  );
}

function Status({ status }: { readonly status: BridgeStatus }): ReactNode {
  const say = useSay();
  const word = useWord('op.bridge.alert');
  const { activation, progress, alerts } = status;
  return (
    <>
      {alerts.map((alert) => (
        <Notice key={alert} tone="warning">
          {word(alert)}
        </Notice>
      ))}
      {activation === null && <Notice>{say('op.bridge.notActivated')}</Notice>}
      <Trouble progress={progress} />
      {progress !== null && <Progress status={status} progress={progress} />}
      {activation !== null && <Activation activation={activation} cloudId={status.cloudId} />}
    </>
  );
}

type Present<K extends 'activation' | 'progress'> = NonNullable<BridgeStatus[K]>;

function Trouble({ progress }: { readonly progress: BridgeStatus['progress'] }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  if (progress?.error === null || progress?.error === undefined) return null;
  const { error, refused, failures, failingSince, retryAt } = progress;
  return (
    <Notice tone="error" title={say(refused ? 'op.bridge.refused' : 'op.bridge.failing')}>
      <span lang="en">
        {error.code}: {error.message} {error.advice}
      </span>{' '}
      {failingSince !== null &&
        say('op.bridge.since', { failures, since: formats.time(failingSince) })}{' '}
      {retryAt !== null && say('op.bridge.retry', { at: formats.time(retryAt) })}
    </Notice>
  );
}

function Progress({
  status: { lag },
  progress,
}: {
  readonly status: BridgeStatus;
  readonly progress: Present<'progress'>;
}): ReactNode {
  const say = useSay();
  const duration = useDuration();
  const formats = useFormats();
  const behind =
    lag === undefined ? undefined : lag.windows === 0 ? (
      <StateBadge tone="good">{say('op.bridge.upToDate')}</StateBadge>
    ) : (
      <StateBadge tone="warning">
        {say('op.bridge.behind', { windows: lag.windows, time: duration(lag.seconds) })}
      </StateBadge>
    );
  return (
    <Section title={say('op.bridge.progress')}>
      <Facts
        items={[
          { label: say('op.bridge.lag'), value: behind },
          {
            label: say('op.bridge.next'),
            value: (
              <>
                <DateText value={windowTime(progress.nextWindow)} /> (
                {say(`op.bridge.next.${progress.nextWindowState.replaceAll(' ', '-')}`)})
              </>
            ),
          },
          {
            label: say('op.bridge.first'),
            value: <DateText value={windowTime(progress.firstWindow)} />,
          },
          {
            label: say('op.bridge.lastSent'),
            value: progress.lastSentAt && <DateText value={progress.lastSentAt} />,
          },
          {
            label: say('op.bridge.withoutReceipt'),
            value: formats.count(progress.withoutReceipt),
          },
          {
            label: say('op.bridge.tooLate'),
            value:
              progress.importedTooLate > 0 ? formats.count(progress.importedTooLate) : undefined,
          },
        ]}
      />
    </Section>
  );
}

function Activation({
  activation,
  cloudId,
}: {
  readonly activation: Present<'activation'>;
  readonly cloudId: string | null;
}): ReactNode {
  const say = useSay();
  const word = useWord('op.billingModel');
  const onOff = (isOn: boolean): string => say(isOn ? 'op.on' : 'op.off');
  return (
    <Section title={say('op.bridge.activation')}>
      <Facts
        items={[
          { label: say('op.state'), value: <State value={activation.state} /> },
          { label: say('op.registration.model'), value: word(activation.billingModel) },
          { label: say('op.registration.reporting'), value: onOff(activation.usageReporting) },
          {
            label: say('op.registration.expires'),
            value:
              activation.expiration === null ? (
                say('op.never')
              ) : (
                <DateText value={activation.expiration} />
              ),
          },
          {
            label: say('op.bridge.activatedAt'),
            value: <DateText value={activation.activatedAt} />,
          },
          { label: say('op.bridge.commerce'), value: <Code>{activation.commerceUrl}</Code> },
          {
            label: say('op.registration.id'),
            value: <Code>{activation.registrationId}</Code>,
          },
          { label: say('op.registration.cloud'), value: cloudId && <Code>{cloudId}</Code> },
        ]}
      />
    </Section>
  );
}

function Next(): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const [isAsked, setAsked] = useState(false);
  const answer = useAnswer<DryRun>('/api/v1/bridge/dry-run', undefined, { enabled: isAsked });
  return (
    <Section
      title={say('op.bridge.dryRun')}
      actions={
        !isAsked && <Button onClick={() => setAsked(true)}>{say('op.bridge.dryRun.show')}</Button>
      }
    >
      {!isAsked && say('op.bridge.dryRun.text')}
      {isAsked && (
        <Answered answer={answer}>
          {({ windows, rows, isComplete, takesNothing, sample }) => (
            <>
              {takesNothing !== null && (
                <Notice tone="warning">
                  <span lang="en">{takesNothing.message}</span>
                </Notice>
              )}
              {windows === 0
                ? say('op.bridge.dryRun.none')
                : say(isComplete ? 'op.bridge.dryRun.would' : 'op.bridge.dryRun.atLeast', {
                    windows: formats.count(windows),
                    rows: formats.count(rows),
                    batches: formats.count(sample.batches),
                  })}
            </>
          )}
        </Answered>
      )}
    </Section>
  );
}

interface Filters {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Windows that commerce took, by default those of the last days. */
function Sent(): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const [{ from = addDays(today(), -2), to }, change] = useSearchState<Filters>();
  const list = usePages<SentWindow>('/api/v1/bridge/windows', {
    from: `${from}T00:00:00Z`,
    to: to === undefined ? undefined : `${addDays(to, 1)}T00:00:00Z`,
  });
  return (
    <Section title={say('op.bridge.sent')}>
      <FilterBar>
        <DayFilter
          label={say('common.period.first')}
          value={from}
          onChange={(day) => change({ from: day })}
        />
        <DayFilter
          label={say('common.period.last')}
          value={to}
          onChange={(day) => change({ to: day })}
        />
      </FilterBar>
      <DataTable
        caption={say('op.bridge.sent')}
        isCaptionHidden
        list={list}
        keyOf={({ window }) => window}
        empty={say('op.bridge.sent.empty')}
        columns={[
          {
            id: 'window',
            title: say('op.windows.start'),
            cell: ({ window }) => <DateText value={windowTime(window)} />,
          },
          {
            id: 'rows',
            title: say('op.rows'),
            align: 'end',
            cell: ({ rows }) => formats.count(rows),
          },
          {
            id: 'batches',
            title: say('op.bridge.batches'),
            align: 'end',
            cell: ({ batches }) => formats.count(batches),
          },
          {
            id: 'sent',
            title: say('op.bridge.sentAt'),
            cell: ({ sentAt }) => <DateText value={sentAt} />,
          },
        ]}
      />
    </Section>
  );
}
