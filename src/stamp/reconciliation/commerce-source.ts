import { fail, hourOf, isJsonObject } from '../../kernel/index.ts';
import type { Clock, Database } from '../../platform/index.ts';
import { windowName } from '../../reporting/index.ts';
import { fetchCommerce, findActivation, readProgress, type NotedTrouble } from '../bridge/index.ts';
import type { HourSpan } from './hour-class.ts';
import {
  readProgressAnswer,
  readRatedAnswer,
  readTotalsAnswer,
  type BridgeState,
  type ReceivedTotals,
} from './received-totals.ts';

/**
 * What commerce received of this stamp, asked over the bridge; undefined while the stamp is not activated.
 *
 * @param milliseconds that a call may take; the bridge's own bound unless given
 */
export async function openReceivedTotals(
  tools: { readonly database: Database; readonly clock: Clock },
  milliseconds?: number,
): Promise<ReceivedTotals | undefined> {
  const activation = await findActivation(tools.database.pool);
  if (activation === undefined) return undefined;
  const { registrationId, commerceUrl, usageReporting, activatedAt } = activation;
  // Applying the key again must not make time of it unregistered.
  const since = (await readProgress(tools.database.pool))?.firstActivatedAt ?? activatedAt;
  const unreachable = (reason: string): Error =>
    fail('CommerceUnreachable', { url: commerceUrl, reason });
  const reported = `/api/v1/reported-usage/${registrationId}`;
  const billed = `/api/v1/billed-usage/${registrationId}`;
  const ask = async <T>(path: string, read: (value: unknown) => T | undefined): Promise<T> => {
    const answer = await withinTime(tools, milliseconds, unreachable, (signal) =>
      fetchCommerce(tools, path, signal),
    );
    const value = read(answer);
    if (value === undefined) throw unreachable('its answer makes no sense');
    return value;
  };
  return {
    registrationId,
    offSince: usageReporting ? undefined : hourOf(since),
    bridge: async () => {
      const progress = await readProgress(tools.database.pool);
      if (progress === undefined) return undefined;
      const { firstWindow, nextWindow, error } = progress;
      const stuck = error && stuckBy(error);
      const told = error && { code: error.code, message: error.message };
      return { firstWindow, nextWindow, stuck, error: told };
    },
    progress: () => ask(reported, readProgressAnswer),
    totals: (span) => ask(`${reported}${totalsOf(span)}`, readTotalsAnswer),
    billing: async () => {
      const ratedUpTo = await ask(billed, readRatedAnswer).catch(noneIfUnknown);
      if (ratedUpTo === undefined) return undefined;
      return { ratedUpTo, totals: (span) => ask(`${billed}${totalsOf(span)}`, readTotalsAnswer) };
    },
  };
}

function totalsOf({ from, to }: HourSpan): string {
  return `/totals?from=${windowName(from)}&to=${windowName(to)}`;
}

/** A commerce of an earlier release has no such path, and says so. */
function noneIfUnknown(error: unknown): undefined {
  const said: unknown = error instanceof Error ? error.cause : undefined;
  if (isJsonObject(said) && said['code'] === 'NotFound') return undefined;
  throw error;
}

function stuckBy({ kind }: NotedTrouble): BridgeState['stuck'] {
  if (kind === 'unfit') return 'not fit to be sent';
  return kind === 'refused' || kind === 'ended' ? 'refused' : undefined;
}

async function withinTime<T>(
  { clock }: { readonly clock: Clock },
  milliseconds: number | undefined,
  unreachable: (reason: string) => Error,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (milliseconds === undefined) return work(undefined);
  const [late, ended] = [new AbortController(), new AbortController()];
  clock.sleep(milliseconds, ended.signal).then(
    () => late.abort(unreachable(`it took longer than ${milliseconds / 1000} seconds`)),
    () => undefined,
  );
  try {
    return await work(late.signal);
  } finally {
    ended.abort();
  }
}
