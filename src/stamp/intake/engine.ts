import { fail } from '../../kernel/index.ts';
import type { Clock, Database, Log, Tx } from '../../platform/index.ts';
import {
  markStored,
  prepareNumbered,
  writeBatch,
  type Outcome,
  type PreparedBatch,
  type Submission,
} from './batch.ts';
import { ActivityTally, EmitterActivity } from './emitter-activity.ts';
import { ResourceDictionary } from './resource.ts';
import type { EmitPermissions } from './permissions.ts';
import { Snapshot } from './snapshot.ts';
import { joinOpenHour } from './store.ts';

export interface IntakeOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log?: Log;
  /** transactions under way at once */
  readonly connections: number;
  /** a transaction takes submissions until it has this many records */
  readonly batchRecords: number;
  /** bytes of submissions that may wait or be under way; beyond it the intake says that it is busy */
  readonly queueBytes: number;
}

/** Room in memory set aside for one request. */
export interface Reservation {
  growTo(bytes: number): void;
  release(): void;
}

interface Waiting {
  readonly submission: Submission;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Figures for the metrics: everything the intake has done since it started. */
export interface IntakeCounters {
  accepted: number;
  duplicates: number;
  quarantined: number;
  batches: number;
  rejectedBusy: number;
}

/** With so much waiting, a batch is written as soon as there is a connection for it. */
const BUSY_BYTES = 2 ** 20;

/** How much of the room one caller may take. A body that was announced and does not come holds its room as well. */
const LARGEST_SHARE = 0.75;

/**
 * Takes submissions from any number of callers and commits them in batches over a few connections.
 *
 * A submission is answered after the commit of its batch and never before. A batch that fails on the way is tried
 * again as it is: counting is idempotent, so it does not matter whether the lost attempt had committed.
 */
export class IntakeEngine {
  readonly counters: IntakeCounters = {
    accepted: 0,
    duplicates: 0,
    quarantined: 0,
    batches: 0,
    rejectedBusy: 0,
  };
  /** Who was heard since it was last written down. */
  readonly activity = new EmitterActivity();
  readonly #options: IntakeOptions;
  readonly #resources = new ResourceDictionary();
  readonly #queue: Waiting[] = [];
  #reservedBytes = 0;
  readonly #bytesOfCallers = new Map<string, number>();
  #running = 0;
  #snapshot: Snapshot | undefined;
  #hourGuess: number | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /**
   * Sets room aside for a request before its body is read, more as it turns out to be larger.
   *
   * @param bytes what the request says it will send
   * @param caller who sends it: nobody's requests take so much room that there is none for others
   * @throws ServiceUnavailable with Retry-After when there is no room: the caller sends it again later.
   *   A request that is alone is always let in, however large the other limits allow it to be.
   */
  reserve(bytes: number, caller?: string): Reservation {
    const { queueBytes } = this.#options;
    let held = 0;
    const add = (more: number): void => {
      held += more;
      this.#reservedBytes += more;
      if (caller === undefined) return;
      const ofCaller = this.#bytesOfCallers.get(caller) ?? 0;
      if (ofCaller + more > 0) this.#bytesOfCallers.set(caller, ofCaller + more);
      else this.#bytesOfCallers.delete(caller);
    };
    const grow = (more: number): void => {
      const ofCaller = caller === undefined ? held : (this.#bytesOfCallers.get(caller) ?? 0);
      const isFull = this.#reservedBytes > held && this.#reservedBytes + more > queueBytes;
      const isGreedy = ofCaller > held && ofCaller + more > queueBytes * LARGEST_SHARE;
      if (isFull || isGreedy) {
        this.counters.rejectedBusy += 1;
        throw fail(
          'ServiceUnavailable',
          { reason: 'as many records wait as fit' },
          { headers: { 'retry-after': '1' } },
        );
      }
      add(more);
    };
    grow(bytes);
    return {
      growTo: (total) => {
        if (total > held) grow(total - held);
      },
      release: () => add(-held),
    };
  }

  /** Whether records come in about as fast as they can be taken. */
  get isBusy(): boolean {
    return this.#reservedBytes >= BUSY_BYTES;
  }

  get reservedBytes(): number {
    return this.#reservedBytes;
  }

  /** Counts the events of a submission; resolves when that is durable. */
  submit(submission: Submission): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ submission, resolve, reject });
      if (this.#running < this.#options.connections) {
        this.#running += 1;
        void this.#work();
      }
    });
  }

  async #work(): Promise<void> {
    try {
      for (let taken = this.#take(); taken.length > 0; taken = this.#take()) {
        await this.#commit(taken);
      }
    } finally {
      this.#running -= 1;
    }
  }

  #take(): Waiting[] {
    const taken: Waiting[] = [];
    let records = 0;
    while (this.#queue.length > 0 && records < this.#options.batchRecords) {
      const next = this.#queue.shift()!;
      taken.push(next);
      records += next.submission.events.length;
    }
    return taken;
  }

  async #commit(taken: readonly Waiting[]): Promise<void> {
    try {
      const submissions = taken.map((waiting) => waiting.submission);
      const { outcomes, batch, tally } = await this.#options.database.transaction(
        (tx) => this.#attempt(tx, submissions),
        { retry: true },
      );
      this.counters.batches += 1;
      markStored(batch);
      this.activity.note(tally.heard());
      outcomes.forEach((outcome, i) => {
        this.#count(outcome);
        this.#tell(submissions[i]!, outcome);
        taken[i]!.resolve(outcome);
      });
    } catch (error) {
      if (taken.length === 1) taken[0]!.reject(error);
      // One that cannot be committed must not take the others with it.
      else for (const waiting of taken) await this.#commit([waiting]);
    }
  }

  #count(outcome: Outcome): void {
    this.counters.accepted += outcome.accepted;
    this.counters.duplicates += outcome.duplicates;
    this.counters.quarantined += outcome.quarantined.length;
  }

  /** What was refused is told in the log too, once for each submission. */
  #tell({ caller }: Submission, { quarantined }: Outcome): void {
    const [first] = quarantined;
    if (first === undefined) return;
    const codes: Record<string, number> = {};
    for (const { code } of quarantined) codes[code] = (codes[code] ?? 0) + 1;
    const firstQuarantineId = String(first.quarantineId);
    this.#options.log?.warn(
      { client: caller?.principalId, codes, firstQuarantineId },
      'records could not be counted and went into quarantine',
    );
  }

  async #attempt(
    tx: Tx,
    submissions: readonly Submission[],
  ): Promise<{ outcomes: Outcome[]; batch: PreparedBatch; tally: ActivityTally }> {
    // Checked before the lock is taken, so that the hour is held no longer than it takes to write.
    let { batch, version } = await this.#prepare(tx, submissions);
    let open = await joinOpenHour(tx, this.#hourGuess);
    // Compared with what this batch was checked by: meanwhile another may have brought a newer snapshot for all.
    while (open.directoryVersion !== version) {
      if (this.#snapshot?.version !== open.directoryVersion) this.#snapshot = undefined;
      ({ batch, version } = await this.#prepare(tx, submissions));
      open = await joinOpenHour(tx, open.hour);
    }
    this.#hourGuess = open.hour;
    const now = this.#options.clock.now();
    const callers = submissions.map(({ caller }) => caller);
    const tally = new ActivityTally(callers, { reportedHour: open.hour, lastAt: now });
    const outcomes = await writeBatch(tx, batch, {
      now,
      reportedHourOf: () => open.hour,
      noteCounted: (submission, { spelling }) => tally.add(submission, spelling),
    });
    return { outcomes, batch, tally };
  }

  async #prepare(
    tx: Tx,
    submissions: readonly Submission[],
  ): Promise<{ batch: PreparedBatch; version: bigint }> {
    this.#snapshot ??= await Snapshot.load(tx);
    const snapshot = this.#snapshot;
    const permissions = new Map<Submission, EmitPermissions>();
    for (const submission of submissions) {
      const { caller } = submission;
      if (caller === undefined) continue;
      permissions.set(submission, await snapshot.permissionsOf(tx, caller));
    }
    const now = this.#options.clock.now();
    const batch = await prepareNumbered(
      submissions,
      (submission) => ({
        snapshot,
        resources: this.#resources,
        permissions: submission.caller && required(permissions.get(submission)),
        now,
      }),
      (spelled) => snapshot.addSpelling(this.#options.database.pool, spelled),
    );
    return { batch, version: snapshot.version };
  }
}

/** A caller without permissions must never pass for the stamp itself, which needs none. */
function required(permissions: EmitPermissions | undefined): EmitPermissions {
  if (permissions === undefined) throw new Error('the permissions of a caller were not read');
  return permissions;
}
