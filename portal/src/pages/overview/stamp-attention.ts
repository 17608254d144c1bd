import { useAnswer } from '../../api/hooks.ts';
import type { Severity } from '../../api/types/overview.ts';
import type { BridgeStatus, Reconciliation } from '../../api/types/stamp-health.ts';
import { mayEverywhere } from '../../app/area.ts';
import { addDays, today } from '../../app/clock.ts';
import { useViewer } from '../../app/viewer.tsx';
import { useFormats, useHasText, useSay } from '../../i18n/language.tsx';

/** Something to look at, in words, and where to look. */
export interface Told {
  readonly id: string;
  readonly severity: Severity;
  readonly text: string;
  readonly to?: string;
  readonly search?: object;
}

const COMPARED_DAYS = 7;
const MINUTE_MS = 60_000;
/** Windows that wait are usual for an hour or two. */
const MANY_WINDOWS = 3;

/** What those who run the cloud should look at; each is asked for only by those who may. */
export function useStampAttention(): Told[] {
  const viewer = useViewer();
  const isHere = viewer.settings.wings.includes('stamp');
  const mayRead = (action: string): boolean => isHere && mayEverywhere(viewer, action);
  const every = 5 * MINUTE_MS;
  const bridge = useAnswer<BridgeStatus>('/api/v1/bridge', undefined, {
    enabled: mayRead('Microsoft.AzureBridge.Admin/activations/read'),
    every,
  });
  const held = useAnswer<{ readonly value: readonly unknown[]; readonly nextLink?: string }>(
    '/api/v1/quarantine',
    { state: 'held' },
    { enabled: mayRead('Stackmeter.Metering/quarantine/read'), every },
  );
  const compared = useAnswer<Reconciliation>(
    '/api/v1/reconciliation',
    { from: `${addDays(today(), -COMPARED_DAYS)}T00:00:00Z` },
    { enabled: mayRead('Stackmeter.Metering/reconciliation/read') },
  );
  const tell = useTelling();
  return [
    ...(bridge.data === undefined ? [] : tell.bridge(bridge.data)),
    ...(held.data === undefined ? [] : tell.quarantine(held.data)),
    ...(compared.data === undefined ? [] : tell.reconciliation(compared.data)),
    ...tell.unanswered([
      { id: 'bridge', error: bridge.error },
      { id: 'quarantine', error: held.error },
      { id: 'reconciliation', error: compared.error },
    ]),
  ];
}

interface Telling {
  readonly bridge: (status: BridgeStatus) => Told[];
  readonly quarantine: (page: {
    readonly value: readonly unknown[];
    readonly nextLink?: string;
  }) => Told[];
  readonly reconciliation: (found: Reconciliation) => Told[];
  readonly unanswered: (
    asked: readonly { readonly id: string; readonly error: Error | null }[],
  ) => Told[];
}

function useTelling(): Telling {
  const say = useSay();
  const hasText = useHasText();
  const formats = useFormats();
  return {
    bridge: ({ alerts, progress, lag }) => [
      ...alerts.map((alert) => {
        const id = `overview.bridge.${alert}`;
        const severity = alert.endsWith('Soon') ? ('warning' as const) : ('error' as const);
        return { id, severity, text: hasText(id) ? say(id) : alert, to: '/bridge' };
      }),
      ...(progress?.error === null || progress?.error === undefined
        ? []
        : [
            {
              id: 'bridge failing',
              severity: progress.refused ? ('error' as const) : ('warning' as const),
              text: say('overview.bridge.failing', {
                since: progress.failingSince === null ? '' : formats.time(progress.failingSince),
                message: progress.error.message ?? progress.error.code ?? '',
              }),
              to: '/bridge',
            },
          ]),
      ...(lag !== undefined && lag.windows >= MANY_WINDOWS
        ? [
            {
              id: 'bridge lag',
              severity: 'warning' as const,
              text: say('overview.bridge.lag', { count: lag.windows }),
              to: '/bridge',
            },
          ]
        : []),
    ],
    quarantine: ({ value, nextLink }) =>
      value.length === 0
        ? []
        : [
            {
              id: 'quarantine',
              severity: 'warning',
              text: say(nextLink === undefined ? 'overview.held' : 'overview.heldMany', {
                count: value.length,
              }),
              to: '/quarantine',
              search: { state: 'held' },
            },
          ],
    reconciliation: ({ verdict }) =>
      verdict === 'explained'
        ? []
        : [
            {
              id: 'reconciliation',
              severity: verdict === 'unknown' ? 'warning' : 'error',
              text: say(`overview.reconciliation.${verdict}`),
              to: '/reconciliation',
            },
          ],
    unanswered: (asked) =>
      asked
        .filter(({ error }) => error !== null)
        .map(({ id, error }) => ({
          id: `unanswered ${id}`,
          severity: 'warning',
          text: say('overview.unanswered', {
            what: say(`overview.asked.${id}`),
            message: error?.message ?? '',
          }),
        })),
  };
}
