import type { Instant } from '../../kernel/index.ts';
import { keyOfPrincipal, type PrincipalRef } from '../../identity/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { addActivity, forgetActivity, type Heard } from './emitter-store.ts';

/** Hours for which it is kept in which hour an emitter was heard; the last hour is kept for ever. */
const KEPT_HOURS = 31 * 24;

/**
 * Who was heard lately, gathered in memory and written down now and then: in the transactions of the intake one row for
 * each emitter would make those wait for each other that otherwise never meet.
 */
export class EmitterActivity {
  #heard = new Map<string, Heard>();
  #forgotBefore = 0;

  /** To be called after the commit of what was counted. */
  note(counted: Iterable<Heard>): void {
    for (const one of counted) {
      const key = `${keyOfPrincipal(one.caller)} ${one.spelling} ${one.reportedHour}`;
      const before = this.#heard.get(key);
      const records = (before?.records ?? 0) + one.records;
      // What could not be written comes back here after what was heard since.
      const lastAt = before === undefined ? one.lastAt : laterOf(before.lastAt, one.lastAt);
      this.#heard.set(key, { ...one, records, lastAt });
    }
  }

  /** Writes down who was heard since the last time. What cannot be written is kept for the next. */
  async save(db: Queryable): Promise<void> {
    const heard = [...this.#heard.values()];
    if (heard.length === 0) return;
    this.#heard = new Map();
    try {
      await addActivity(db, heard);
    } catch (error) {
      this.note(heard);
      throw error;
    }
    const before = Math.max(...heard.map(({ reportedHour }) => reportedHour)) - KEPT_HOURS;
    if (before <= this.#forgotBefore) return;
    await forgetActivity(db, before);
    this.#forgotBefore = before;
  }
}

function laterOf(one: Instant, other: Instant): Instant {
  return Temporal.Instant.compare(one, other) < 0 ? other : one;
}

/** Counts what a batch adds, by who sent it. */
export class ActivityTally {
  readonly #bySubmission: Map<number, number>[];
  readonly #callers: readonly (PrincipalRef | undefined)[];
  readonly #at: { readonly reportedHour: number; readonly lastAt: Instant };

  constructor(
    callers: readonly (PrincipalRef | undefined)[],
    at: { readonly reportedHour: number; readonly lastAt: Instant },
  ) {
    this.#callers = callers;
    this.#bySubmission = callers.map(() => new Map<number, number>());
    this.#at = at;
  }

  /** Called for each record: numbers alone, nothing is made anew. */
  add(submission: number, spelling: number): void {
    const bySpelling = this.#bySubmission[submission]!;
    bySpelling.set(spelling, (bySpelling.get(spelling) ?? 0) + 1);
  }

  *heard(): Generator<Heard, void, undefined> {
    for (const [submission, bySpelling] of this.#bySubmission.entries()) {
      const caller = this.#callers[submission];
      if (caller === undefined) continue;
      for (const [spelling, records] of bySpelling)
        yield { caller, spelling, records, ...this.#at };
    }
  }
}
