import { hourFromInstant, parseWireTime, type HourNumber } from '../../kernel/index.ts';
import { parseWindowName, windowName } from '../../reporting/index.ts';
import type { BridgeTools } from './activating.ts';
import { alertsOf, type Activation } from './activation.ts';
import type { DryRun } from './dry-run.ts';
import { adviceOn } from './advice.ts';
import { countImportedTooLate, hasWindow, listDue } from './due-store.ts';
import { findCloudId } from './key-store.ts';
import { lagOf } from './lag.ts';
import { needsOperator, type BridgeProgress, type SentWindow } from './progress.ts';
import { findActivation, readProgress } from './store.ts';

/** All that an operator asks of the bridge, as answers have it. */
export async function readBridgeStatus(tools: BridgeTools): Promise<Record<string, unknown>> {
  const { database, clock } = tools;
  const { pool } = database;
  const activation = await findActivation(pool);
  const progress = await readProgress(pool);
  const base = {
    cloudId: (await findCloudId(pool)) ?? null,
    alerts: alertsOf(activation, clock.now()),
    activation: activation === undefined ? null : toWireActivation(activation),
  };
  if (progress === undefined) return { ...base, progress: null };
  const { registrationId, firstWindow, nextWindow } = progress;
  const range = { registrationId, from: firstWindow, to: nextWindow };
  const [due] = await listDue(pool, nextWindow, 1);
  const isImportAwaited = due === undefined && !(await hasWindow(pool, nextWindow));
  return {
    ...base,
    progress: {
      firstWindow: windowName(firstWindow),
      nextWindow: windowName(nextWindow),
      nextWindowState:
        due !== undefined ? 'closed' : isImportAwaited ? 'waits for an import' : 'open',
      ...toWireAttempts(progress),
      importedTooLate: await countImportedTooLate(pool, range),
    },
    lag: await lagOf(pool, clock, { activation, progress }),
  };
}

function toWireAttempts(progress: BridgeProgress): Record<string, unknown> {
  const { error, releasedBefore } = progress;
  return {
    releasedBefore: releasedBefore === undefined ? null : windowName(releasedBefore),
    lastSentAt: progress.lastSentAt?.toString() ?? null,
    failures: progress.failures,
    failingSince: progress.failingSince?.toString() ?? null,
    retryAt: progress.retryAt?.toString() ?? null,
    refused: needsOperator(progress),
    error: error === undefined ? null : { ...error, advice: adviceOn(error) },
    withoutReceipt: progress.withoutReceipt,
  };
}

export function toWireActivation(activation: Activation): Record<string, unknown> {
  return {
    registrationId: activation.registrationId,
    registrationResourceId: activation.registrationResourceId,
    commerceUrl: activation.commerceUrl,
    billingModel: activation.billingModel,
    usageReporting: activation.usageReporting,
    marketplaceSyndication: activation.marketplaceSyndication,
    expiration: activation.expiresAt?.toString() ?? null,
    state: activation.state,
    activatedAt: activation.activatedAt.toString(),
  };
}

export function toWireSent({ window, batches, rows, receipt, sentAt }: SentWindow): object {
  const read: unknown = JSON.parse(receipt);
  return {
    window: windowName(window),
    batches,
    rows: Number.parseInt(String(rows), 10),
    sentAt: sentAt.toString(),
    receipt: read,
  };
}

export function toWireDryRun(run: DryRun): object {
  const { nextWindow, takesNothing, windows, rows, sample, isComplete } = run;
  return {
    nextWindow: windowName(nextWindow),
    takesNothing: takesNothing ?? null,
    windows,
    rows: Number.parseInt(String(rows), 10),
    isComplete,
    sample: {
      ...sample,
      meters: sample.meters.map((sum) => [sum.meterId, sum.rows, sum.quantity]),
    },
  };
}

/** Reads a reported hour by its name (`2026-11-23T10Z`) or the time at which it begins; undefined for anything else. */
export function parseHour(text: string): HourNumber | undefined {
  const named = parseWindowName(text);
  if (named !== undefined) return named;
  const time = parseWireTime(text);
  const hour = time && hourFromInstant(time);
  return hour !== undefined && hour >= 0 ? hour : undefined;
}
