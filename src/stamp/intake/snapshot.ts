import { meterKey, parseMeterId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { keyOfPrincipal, loadGrants, type PrincipalRef } from '../../identity/index.ts';
import {
  listSubscriptionStates,
  readDirectoryVersion,
  type SubscriptionState,
} from '../directory/index.ts';
import { ensureSpelling, readMeterNumbers } from '../meters/index.ts';
import { EmitPermissions } from './permissions.ts';

/** A meter as emitted: the number of this spelling of its id, and the meter that it spells. */
export interface KnownMeter {
  readonly spelling: number;
  readonly meter: number;
  readonly provider: string;
}

/**
 * What the intake knows of subscriptions, meters and permissions, all as of one directory version.
 * A batch commits only if the version is still the same inside its transaction; so a subscription that was disabled
 * a moment ago is refused from then on, without a lookup for each record.
 */
export class Snapshot {
  readonly version: bigint;
  readonly #subscriptions: ReadonlyMap<string, SubscriptionState>;
  readonly #metersByKey: ReadonlyMap<string, { meter: number; provider: string }>;
  readonly #metersBySpelling: Map<string, KnownMeter>;
  readonly #permissions = new Map<string, EmitPermissions>();

  private constructor(
    version: bigint,
    subscriptions: ReadonlyMap<string, SubscriptionState>,
    metersByKey: ReadonlyMap<string, { meter: number; provider: string }>,
    metersBySpelling: Map<string, KnownMeter>,
  ) {
    this.version = version;
    this.#subscriptions = subscriptions;
    this.#metersByKey = metersByKey;
    this.#metersBySpelling = metersBySpelling;
  }

  static async load(db: Queryable): Promise<Snapshot> {
    // Read before the rest: what is read later may be newer, and then the version differs and it is read again.
    const version = await readDirectoryVersion(db);
    const subscriptions = new Map<string, SubscriptionState>();
    for (const { subscriptionId, state } of await listSubscriptionStates(db)) {
      subscriptions.set(subscriptionId, state);
    }
    const numbers = await readMeterNumbers(db);
    const byKey = new Map(numbers.meters.map((row) => [row.key, row]));
    const byNumber = new Map(numbers.meters.map((row) => [row.meter, row]));
    const bySpelling = new Map<string, KnownMeter>();
    for (const { spelling, meter, spelled } of numbers.spellings) {
      bySpelling.set(spelled, { spelling, meter, provider: byNumber.get(meter)!.provider });
    }
    return new Snapshot(version, subscriptions, byKey, bySpelling);
  }

  subscriptionState(id: string): SubscriptionState | undefined {
    return this.#subscriptions.get(id);
  }

  /** The meter under this spelling of its id, if it was emitted before. */
  meter(spelled: string): KnownMeter | undefined {
    return this.#metersBySpelling.get(spelled);
  }

  /** The resource provider of the meter that the id names in any spelling. */
  providerOf(spelled: string): string | undefined {
    return this.#meterOf(spelled)?.provider;
  }

  #meterOf(spelled: string): { meter: number; provider: string } | undefined {
    const id = parseMeterId(spelled);
    return id && this.#metersByKey.get(meterKey(id));
  }

  /** Gives a number to a spelling that is emitted for the first time. */
  async addSpelling(db: Queryable, spelled: string): Promise<void> {
    const known = this.#meterOf(spelled);
    if (known === undefined || this.#metersBySpelling.has(spelled)) return;
    const { spelling, meter } = await ensureSpelling(db, known.meter, spelled);
    this.#metersBySpelling.set(spelled, { spelling, meter, provider: known.provider });
  }

  /** What the principal may emit; nothing when it was removed or disabled. */
  async permissionsOf(db: Queryable, principal: PrincipalRef): Promise<EmitPermissions> {
    const key = keyOfPrincipal(principal);
    const known = this.#permissions.get(key);
    if (known !== undefined) return known;
    const grants = (await loadGrants(db, principal)) ?? [];
    const permissions = new EmitPermissions(principal.principalId, grants);
    this.#permissions.set(key, permissions);
    return permissions;
  }
}
