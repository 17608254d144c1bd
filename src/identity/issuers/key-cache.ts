import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { fail, type Instant } from '../../kernel/index.ts';
import type { Clock, Log } from '../../platform/index.ts';
import type { PublishedKeys } from './fetch-keys.ts';

/** Keys younger than this are used without a thought. */
const FRESH_MS = 60 * 60 * 1_000;
/** Keys older than this are not used any more: one that was withdrawn has to end some day. */
const KEPT_MS = 24 * FRESH_MS;
/** Between two fetches that tokens with an unknown key id cause. */
const UNKNOWN_KEY_MS = 60_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
const FETCH_MS = 5_000;
const MS_PER_SECOND = 1_000;

/** The keys of an issuer as they were fetched. */
export interface HeldKeys {
  readonly jwksUri: string;
  /** Finds the key for a token's header. */
  readonly find: JWTVerifyGetKey;
  /** Each key by its id, as text: two fetches gave the same key if the texts are equal. */
  readonly texts: ReadonlyMap<string, string>;
  readonly fetchedAt: Instant;
}

/** How the keys of an issuer stand. */
export interface KeyState {
  /** Key ids of the last fetch that went well; empty before it. */
  readonly keyIds: readonly string[];
  readonly jwksUri: string | undefined;
  readonly fetchedAt: Instant | undefined;
  /** Why the last fetch failed; undefined when it went well or there was none. */
  readonly lastError: string | undefined;
  readonly failedAt: Instant | undefined;
}

/** The keys of one issuer, fetched when they are needed. */
export interface KeyCache {
  /**
   * The keys as of the last hour, or of the last day while the issuer does not answer.
   *
   * @throws ServiceUnavailable with Retry-After when there are none
   */
  keys(): Promise<HeldKeys>;
  /**
   * Newer keys than those in which a key id was missing, or undefined when it is too soon to ask
   * again or there are none. All callers share one fetch.
   */
  newerThan(keys: HeldKeys): Promise<HeldKeys | undefined>;
  /** Whether the key is there still, unchanged; asks for newer keys in the background. */
  holds(keyId: string, text: string): boolean;
  /** Fetches now, whatever is held. Never rejects: {@link state} has what came of it. */
  refresh(): Promise<void>;
  state(): KeyState;
}

interface Options {
  /** The issuer's name in the log and in refusals. */
  readonly name: string;
  readonly fetch: (signal: AbortSignal) => Promise<PublishedKeys>;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the fetch that is under way. */
  readonly stopping?: AbortSignal;
}

/** Builds the cache of one issuer's keys. A fetch is given up after five seconds. */
export function createKeyCache(options: Options): KeyCache {
  const { clock } = options;
  let held: (HeldKeys & { readonly heldSinceMs: number }) | undefined;
  const fetcher = createFetcher(options, (published) => {
    held = { ...hold(published, clock), heldSinceMs: clock.monotonicMs() };
  });

  const age = (): number =>
    held === undefined ? Number.POSITIVE_INFINITY : clock.monotonicMs() - held.heldSinceMs;

  function unavailable(): Error {
    const seconds = Math.max(1, Math.ceil(fetcher.pauseMs() / MS_PER_SECOND));
    return fail(
      'ServiceUnavailable',
      { reason: `the keys of the issuer ${options.name} cannot be fetched at the moment` },
      { headers: { 'retry-after': `${seconds}` } },
    );
  }

  return {
    refresh: fetcher.refresh,
    keys: async () => {
      if (age() >= FRESH_MS && fetcher.pauseMs() === 0) void fetcher.refresh();
      if (age() >= KEPT_MS) await fetcher.running();
      if (held === undefined || age() >= KEPT_MS) throw unavailable();
      return held;
    },
    newerThan: async (keys) => {
      const soon = fetcher.sinceEndMs() < UNKNOWN_KEY_MS;
      if (held === keys && (fetcher.running() !== undefined || !soon)) await fetcher.refresh();
      return held === keys ? undefined : held;
    },
    holds: (keyId, text) => {
      if (age() >= FRESH_MS && fetcher.pauseMs() === 0) void fetcher.refresh();
      return age() < KEPT_MS && held?.texts.get(keyId) === text;
    },
    state: () => ({
      keyIds: [...(held?.texts.keys() ?? [])],
      jwksUri: held?.jwksUri,
      fetchedAt: held?.fetchedAt,
      lastError: fetcher.failure()?.message,
      failedAt: fetcher.failure()?.at,
    }),
  };
}

/** Asks the issuer, once at a time. */
interface Fetcher {
  /** Joins the fetch under way or begins one. Never rejects. */
  readonly refresh: () => Promise<void>;
  /** The fetch under way, if there is one. */
  readonly running: () => Promise<void> | undefined;
  /** Milliseconds for which the issuer is left alone after failures. */
  readonly pauseMs: () => number;
  /** Milliseconds since the last fetch ended, well or not. */
  readonly sinceEndMs: () => number;
  /** What went wrong with the last fetch. */
  readonly failure: () => { readonly message: string; readonly at: Instant } | undefined;
}

function createFetcher(options: Options, fetched: (published: PublishedKeys) => void): Fetcher {
  const { name, clock, log, stopping } = options;
  let failure: ReturnType<Fetcher['failure']>;
  let failures = 0;
  let endedMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  async function fetch(): Promise<void> {
    const timeout = AbortSignal.timeout(FETCH_MS);
    try {
      fetched(
        await options.fetch(
          stopping === undefined ? timeout : AbortSignal.any([timeout, stopping]),
        ),
      );
      if (failures > 0) log.info({ issuer: name }, 'the keys of a trusted issuer are here again');
      [failures, failure] = [0, undefined];
    } catch (error) {
      failures += 1;
      failure = { message: error instanceof Error ? error.message : 'unknown', at: clock.now() };
      log.warn(
        { issuer: name, reason: failure.message, failures },
        'the keys of a trusted issuer could not be fetched',
      );
    }
    endedMs = clock.monotonicMs();
  }

  return {
    refresh: () =>
      (running ??= fetch().finally(() => {
        running = undefined;
      })),
    running: () => running,
    pauseMs: () => {
      if (failures === 0) return 0;
      const length = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
      return Math.max(0, endedMs + length - clock.monotonicMs());
    },
    sinceEndMs: () => clock.monotonicMs() - endedMs,
    failure: () => failure,
  };
}

function hold({ jwksUri, keys }: PublishedKeys, clock: Clock): HeldKeys {
  const texts = new Map<string, string>();
  for (const key of keys) {
    // Rarely two keys share an id, for two algorithms.
    texts.set(key.kid, `${texts.get(key.kid) ?? ''}${JSON.stringify(key)}`);
  }
  const find = createLocalJWKSet({ keys: [...keys] });
  return { jwksUri, find, texts, fetchedAt: clock.now() };
}
