import { fail, formatWireTime, hourNumber, hourStart } from '../../kernel/index.ts';
import { readDirectoryVersion } from '../directory/index.ts';
import type { Clock, Database, Tx } from '../../platform/index.ts';
import { markStored, prepareNumbered, writeBatch, type Outcome, type Submission } from './batch.ts';
import { USAGE_EVENT_TYPE, type UsageEvent } from './event.ts';
import { ResourceDictionary } from './resource.ts';
import { Snapshot } from './snapshot.ts';
import { joinImportedHours } from './store.ts';

/** A record of the past with the reported hour that it belongs to. */
export interface HistoricalEvent {
  readonly event: UsageEvent;
  /** whole hours since 1970-01-01T00:00Z */
  readonly reportedHour: number;
}

/**
 * Writes records of another stamp's history under the reported hours that they had there.
 *
 * The same rules, the same identity and the same statements as for records that come in now; only the reported time
 * comes from outside. The caller sees to it that those windows are open and before this stamp's first one.
 */
export class HistoryWriter {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #resources = new ResourceDictionary();
  #snapshot: Snapshot | undefined;

  constructor(options: { database: Database; clock: Clock }) {
    this.#database = options.database;
    this.#clock = options.clock;
  }

  /**
   * Writes one batch, durably when this resolves. Sent again, its records are duplicates.
   * @param assertTakesRecords throws when a reported hour is closed: only records that are there already may name it
   * @throws ImportWindowClosed when it was closed meanwhile
   */
  async write(
    batch: readonly HistoricalEvent[],
    assertTakesRecords: (reportedHour: number) => void,
  ): Promise<Outcome> {
    const submission: Submission = {
      caller: undefined,
      events: batch.map(({ event }) => event),
      sourceOf: (index) => toCloudEvent(batch[index]!.event),
    };
    const written = await this.#database.transaction(
      async (tx) => {
        // Held on to: another batch under way may put a newer one in its place.
        const snapshot = await this.#currentSnapshot(tx);
        const rules = {
          snapshot,
          resources: this.#resources,
          permissions: undefined,
          now: this.#clock.now(),
        };
        const prepared = await prepareNumbered(
          [submission],
          () => rules,
          (spelled) => snapshot.addSpelling(this.#database.pool, spelled),
        );
        const hours = new Set(batch.map(({ reportedHour }) => reportedHour));
        const closed = await joinImportedHours(tx, [...hours]);
        const outcomes = await writeBatch(tx, prepared, {
          now: rules.now,
          reportedHourOf: (_submission, index) => batch[index]!.reportedHour,
          assertTakesRecords: (hour) => {
            assertTakesRecords(hour);
            // Another import may have closed it since the caller looked.
            if (closed.has(hour)) {
              const window = formatWireTime(hourStart(hourNumber(hour)));
              throw fail('ImportWindowClosed', { window });
            }
          },
        });
        return { outcomes, batch: prepared };
      },
      { retry: true },
    );
    markStored(written.batch);
    return written.outcomes[0]!;
  }

  async #currentSnapshot(tx: Tx): Promise<Snapshot> {
    if (this.#snapshot?.version === (await readDirectoryVersion(tx))) return this.#snapshot;
    this.#snapshot = await Snapshot.load(tx);
    return this.#snapshot;
  }
}

/** The record as an emitter would have sent it: what goes into quarantine can be mended and replayed from there. */
function toCloudEvent({ source, id, ...data }: UsageEvent): Buffer {
  return Buffer.from(
    JSON.stringify({ specversion: '1.0', type: USAGE_EVENT_TYPE, source, id, data }),
  );
}
