import { fail } from '../../kernel/index.ts';
import type { Clock, Database } from '../../platform/index.ts';
import { appendAudit, type Actor } from '../../audit/index.ts';
import type { PrincipalRef } from '../../identity/index.ts';
import { readEvents } from './wire.ts';
import type { Outcome } from './batch.ts';
import type { IntakeEngine } from './engine.ts';
import {
  findQuarantined,
  lockQuarantined,
  resolveQuarantined,
  type QuarantineEntry,
} from './quarantine-store.ts';

export interface QuarantineTools {
  /** who decides, for the audit trail */
  readonly actor: Actor;
  readonly database: Database;
  readonly clock: Clock;
  readonly engine: IntakeEngine;
}

/** What replaying one held record came to. */
export type ReplayResult =
  | { readonly state: 'replayed'; readonly counted: boolean }
  | { readonly state: 'held'; readonly code: string; readonly message: string };

/**
 * Sends a held record through the intake again: as it was received (when what it missed is there by now), or mended.
 * It is counted under the permissions of the operator who replays it. It stays held when it fails again.
 *
 * Interrupted between counting and marking, a second replay finds a duplicate and only marks.
 *
 * @param mended the corrected event as JSON text; undefined to use the bytes as received
 * @throws NotFound, Conflict (already replayed or discarded), InvalidRequestContent
 */
export async function replayQuarantined(
  tools: QuarantineTools,
  quarantineId: bigint,
  caller: PrincipalRef,
  mended?: Buffer,
): Promise<ReplayResult> {
  const by = caller.principalId;
  return oneAtATime(tools, quarantineId, async () => {
    const entry = await tools.database.transaction((tx) => requireHeld(tx, quarantineId));
    const { events, sourceOf } = readEvents(
      { 'content-type': 'application/cloudevents+json' },
      mended ?? entry.body,
    );
    if (events.length !== 1) throw fail('InvalidRequestContent', { reason: 'one event is wanted' });
    const outcome = await tools.engine.submit({ caller, events, sourceOf });
    const refused = outcome.quarantined[0];
    if (refused !== undefined) {
      await dropSecondEntry(tools, refused.quarantineId, quarantineId, by);
      return { state: 'held', code: refused.code, message: refused.message };
    }
    await resolve(tools, quarantineId, by, 'replayed', describe(outcome, mended !== undefined));
    return { state: 'replayed', counted: outcome.accepted === 1 };
  });
}

const QUARANTINE_LOCK = 7304;
const LOCKS = 2n ** 31n;

/** Whoever replays or discards an entry is alone with it: between counting and marking nobody else decides. */
function oneAtATime<T>(
  { database }: QuarantineTools,
  quarantineId: bigint,
  work: () => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1, $2)', [
      QUARANTINE_LOCK,
      String(quarantineId % LOCKS),
    ]);
    return work();
  });
}

function describe(outcome: Outcome, mended: boolean): string {
  const how = mended ? 'mended' : 'as received';
  return outcome.accepted === 1 ? `counted ${how}` : `had been counted already, sent ${how}`;
}

/** A replay that fails again would leave a second entry under the operator's name: the first one says it all. */
async function dropSecondEntry(
  tools: QuarantineTools,
  second: bigint,
  first: bigint,
  by: string,
): Promise<void> {
  const entry = await findQuarantined(tools.database.pool, second);
  // Seen before, it is the operator's own record and not only this replay's.
  if (second === first || entry === undefined || entry.occurrences > 1n) return;
  await resolve(tools, second, by, 'discarded', `replay of ${String(first)} that failed again`);
}

/**
 * Gives a held record up. It stays listed with the reason.
 * @throws NotFound, Conflict, InvalidProperty (no reason given)
 */
export async function discardQuarantined(
  tools: QuarantineTools,
  quarantineId: bigint,
  by: string,
  reason: string,
): Promise<void> {
  const text = reason.trim();
  if (text === '' || text.length > 1000) {
    throw fail('InvalidProperty', {
      parameter: 'reason',
      value: text.slice(0, 50),
      rule: 'say in 1 to 1000 characters why the record is given up',
    });
  }
  await oneAtATime(tools, quarantineId, () => resolve(tools, quarantineId, by, 'discarded', text));
}

async function resolve(
  tools: QuarantineTools,
  quarantineId: bigint,
  by: string,
  state: 'replayed' | 'discarded',
  resolution: string,
): Promise<void> {
  await tools.database.transaction(async (tx) => {
    await requireHeld(tx, quarantineId);
    await resolveQuarantined(tx, quarantineId, {
      state,
      by,
      at: tools.clock.now(),
      resolution,
    });
    await appendAudit(tx, tools.clock, {
      actor: tools.actor,
      action: 'Stackmeter.Metering/quarantine/write',
      target: `/quarantine/${String(quarantineId)}`,
      detail: { state, resolution },
    });
  });
}

async function requireHeld(
  tx: Parameters<typeof lockQuarantined>[0],
  quarantineId: bigint,
): Promise<QuarantineEntry> {
  const entry = await lockQuarantined(tx, quarantineId);
  if (entry === undefined) {
    throw fail('NotFound', { path: `/api/v1/quarantine/${String(quarantineId)}` });
  }
  if (entry.state !== 'held') {
    throw fail('Conflict', {
      reason: `the quarantined record ${String(quarantineId)} is ${entry.state} already`,
    });
  }
  return entry;
}
