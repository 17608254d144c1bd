import { fail, type StackmeterError } from '../../kernel/index.ts';
import { uuidText, type Tx } from '../../platform/index.ts';
import type { PrincipalRef } from '../../identity/index.ts';
import type { EventFault, UsageEvent } from './event.ts';
import { insertHeld, type HeldRecord } from './quarantine-store.ts';
import { resolveRecord, type RecordRules, type UsageRecord } from './record.ts';
import type { Resource } from './resource.ts';
import { insertRecords, insertResources, readContents } from './store.ts';

/** Events that came together from one caller and are answered together. */
export interface Submission {
  /** who sent them; undefined for the stamp itself (import of history) */
  readonly caller: PrincipalRef | undefined;
  readonly events: readonly (UsageEvent | EventFault)[];
  /** the bytes of one event as received; asked for only when it cannot be taken */
  readonly sourceOf: (index: number) => Buffer;
}

/** An event that was not counted and is kept aside. */
export interface QuarantinedEvent {
  readonly index: number;
  readonly id: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly quarantineId: bigint;
}

/** What became of a submission: accepted + duplicates + quarantined = number of events. */
export interface Outcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly quarantined: readonly QuarantinedEvent[];
}

/** A record and where in which submission it came from. */
interface Candidate {
  readonly record: UsageRecord;
  readonly submission: number;
  readonly index: number;
}

interface Refusal {
  readonly submission: number;
  readonly index: number;
  readonly fault: StackmeterError;
}

/** A batch that is checked and sorted, ready for one transaction. */
export interface PreparedBatch {
  readonly submissions: readonly Submission[];
  /** in key order, no key twice */
  readonly candidates: readonly Candidate[];
  readonly repeats: readonly Candidate[];
  readonly refusals: readonly Refusal[];
  readonly newResources: readonly Resource[];
  readonly unnumbered: ReadonlySet<string>;
}

/**
 * Checks every event of the submissions under the rules that hold for its sender, having numbers made for spellings
 * of meters that are met for the first time.
 */
export async function prepareNumbered(
  submissions: readonly Submission[],
  rulesFor: (submission: Submission) => RecordRules,
  addSpelling: (spelled: string) => Promise<void>,
): Promise<PreparedBatch> {
  const first = prepareBatch(submissions, rulesFor);
  if (first.unnumbered.size === 0) return first;
  for (const spelled of first.unnumbered) await addSpelling(spelled);
  const second = prepareBatch(submissions, rulesFor);
  if (second.unnumbered.size > 0) {
    throw new Error(`no number for the meters ${[...second.unnumbered].join(', ')}`);
  }
  return second;
}

function prepareBatch(
  submissions: readonly Submission[],
  rulesFor: (submission: Submission) => RecordRules,
): PreparedBatch {
  const all: Candidate[] = [];
  const refusals: Refusal[] = [];
  const newResources = new Set<Resource>();
  const unnumbered = new Set<string>();
  submissions.forEach((submission, number) => {
    const rules = rulesFor(submission);
    submission.events.forEach((event, index) => {
      if ('fault' in event) {
        refusals.push({ submission: number, index, fault: event.fault });
        return;
      }
      const record = resolveRecord(event, rules);
      if (record instanceof Error) {
        refusals.push({ submission: number, index, fault: record });
      } else if ('spelled' in record) {
        unnumbered.add(record.spelled);
      } else {
        if (!record.resource.stored) newResources.add(record.resource);
        all.push({ record, submission: number, index });
      }
    });
  });
  const { unique, repeats } = sortAndSplit(all);
  return {
    submissions,
    candidates: unique,
    repeats,
    refusals,
    newResources: [...newResources],
    unnumbered,
  };
}

function sortAndSplit(all: Candidate[]): { unique: Candidate[]; repeats: Candidate[] } {
  // Stable: of two with one key the one that came first stays first.
  all.sort((a, b) => (a.record.key < b.record.key ? -1 : a.record.key > b.record.key ? 1 : 0));
  const unique: Candidate[] = [];
  const repeats: Candidate[] = [];
  for (const candidate of all) {
    const repeated = unique.at(-1)?.record.key === candidate.record.key;
    (repeated ? repeats : unique).push(candidate);
  }
  return { unique, repeats };
}

/** To be called after the commit: from then on the resources of the batch need not be sent again. */
export function markStored(batch: PreparedBatch): void {
  for (const resource of batch.newResources) resource.stored = true;
}

export interface CommitContext {
  readonly now: Temporal.Instant;
  readonly reportedHourOf: (submission: number, index: number) => number;
  /** called with the reported hour of each record that is new; throws when that hour takes no more records */
  readonly assertTakesRecords?: (reportedHour: number) => void;
  /** called for each record that is new; nothing of it holds before the transaction commits */
  readonly noteCounted?: (submission: number, record: UsageRecord) => void;
}

/**
 * Writes a prepared batch and says what became of each submission.
 * Runs inside the caller's transaction; nothing that it answers holds before that commits.
 */
export async function writeBatch(
  tx: Tx,
  batch: PreparedBatch,
  context: CommitContext,
): Promise<Outcome[]> {
  const { candidates } = batch;
  const accepted = batch.submissions.map(() => 0);
  const duplicates = batch.submissions.map(() => 0);
  const refusals = [...batch.refusals];
  if (candidates.length > 0) {
    await insertResources(tx, batch.newResources);
    const hourOf = (i: number): number =>
      context.reportedHourOf(candidates[i]!.submission, candidates[i]!.index);
    const known = await insertRecords(
      tx,
      candidates.map((candidate) => candidate.record),
      hourOf,
    );
    const repeated = new Set(known);
    candidates.forEach(({ submission, record }, i) => {
      if (repeated.has(i)) return;
      accepted[submission]! += 1;
      context.noteCounted?.(submission, record);
      context.assertTakesRecords?.(hourOf(i));
    });
    const seen = [...known.map((position) => candidates[position]!), ...batch.repeats];
    for (const conflict of await conflictsAmong(tx, batch.submissions, seen, duplicates)) {
      refusals.push(conflict);
    }
  }
  const held = await hold(tx, batch.submissions, refusals, context.now);
  return batch.submissions.map((submission, number) => {
    const outcome = {
      accepted: accepted[number]!,
      duplicates: duplicates[number]!,
      quarantined: held.get(number) ?? [],
    };
    const told = outcome.accepted + outcome.duplicates + outcome.quarantined.length;
    // Counted apart, so that a record that got lost on the way is found here and not by its owner.
    if (told !== submission.events.length) {
      throw new Error(`${submission.events.length} records came in and ${told} are told of`);
    }
    return outcome;
  });
}

/** Tells repeats from conflicts among records whose identity was there before, counting the repeats. */
async function conflictsAmong(
  tx: Tx,
  submissions: readonly Submission[],
  seen: readonly Candidate[],
  duplicates: number[],
): Promise<Refusal[]> {
  if (seen.length === 0) return [];
  const contents = await readContents(
    tx,
    seen.map((candidate) => candidate.record.key),
  );
  const conflicts: Refusal[] = [];
  for (const { record, submission, index } of seen) {
    if (contents.get(uuidText(record.key)) === uuidText(record.content)) {
      duplicates[submission]! += 1;
    } else {
      const { id = '', source = '' } = submissions[submission]!.events[index]!;
      conflicts.push({ submission, index, fault: fail('RecordConflict', { id, source }) });
    }
  }
  return conflicts;
}

/** Keeps what was refused, with its bytes. */
async function hold(
  tx: Tx,
  submissions: readonly Submission[],
  refusals: readonly Refusal[],
  now: Temporal.Instant,
): Promise<Map<number, QuarantinedEvent[]>> {
  const held = new Map<number, QuarantinedEvent[]>();
  if (refusals.length === 0) return held;
  const records = refusals.map(({ submission, index, fault }): HeldRecord => {
    const { caller, events, sourceOf } = submissions[submission]!;
    const event = events[index]!;
    return {
      principalId: caller?.principalId,
      code: fault.code,
      message: fault.message,
      source: event.source,
      recordId: event.id,
      body: sourceOf(index),
    };
  });
  const ids = await insertHeld(tx, records, now);
  refusals.forEach(({ submission, index, fault }, position) => {
    const entry = {
      index,
      id: records[position]!.recordId,
      code: fault.code,
      message: fault.message,
      quarantineId: ids[position]!,
    };
    const list = held.get(submission);
    if (list === undefined) held.set(submission, [entry]);
    else list.push(entry);
  });
  for (const list of held.values()) list.sort((a, b) => a.index - b.index);
  return held;
}
