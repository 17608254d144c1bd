import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  METERS,
  withBillingStory,
  type BillingStory,
  type Party,
} from '../../../test/scenarios/billing/story.ts';
import { SYSTEM } from '../../audit/index.ts';
import { isJsonObject } from '../../kernel/index.ts';
import { silentLog } from '../../platform/index.ts';
import { putExport } from './change.ts';
import type { ExportChange } from './export-fields.ts';
import type { ExportDefinition } from './export.ts';
import type { ExportRoom } from './room.ts';

export const PRICES = [
  { meterId: METERS.baseVm, price: { kind: 'flat', unitPrice: '0.0081' } },
  { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.046' } },
];

/** A customer with an invoice for September 2026 and usage in October, and a folder to export to. */
export interface TestExports {
  readonly story: BillingStory;
  readonly room: ExportRoom;
  readonly customer: Party;
  readonly folder: string;
  /** To be called first. */
  open(): Promise<void>;
  /** An export of the customer unless said otherwise, in a folder `out`. */
  add(change: ExportChange, of?: Party): Promise<ExportDefinition>;
  /** Usage of a machine on a day, reported then. */
  use(day: string, perHour: string): Promise<void>;
}

export function withTestExports(): TestExports {
  const story = withBillingStory('2026-08-31T12:00Z');
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-deliveries-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let customer: Party | undefined;
  let stamp: Awaited<ReturnType<BillingStory['stamp']>> | undefined;
  return {
    story,
    folder,
    get room() {
      const { database, clock } = story;
      return { database, clock, exportFolder: folder, log: silentLog };
    },
    get customer() {
      return customer!;
    },
    open: async () => {
      await story.open();
      await story.prices('release', PRICES);
      customer = await story.customer('Atlas');
      await story.buysAt(customer, { list: 'release' });
      stamp = await story.stamp(customer, '2026-09-01T00:00Z');
      const month = { from: '2026-09-01T00:00Z', to: '2026-10-01T00:00Z' };
      story.uses(stamp, customer, { ...month, meter: METERS.baseVm, perHour: '4', name: 'linux' });
      const days = { from: '2026-09-11T00:00Z', to: '2026-09-21T00:00Z' };
      story.uses(stamp, customer, { ...days, meter: METERS.windowsVm, perHour: '2', name: 'win' });
      await story.report(stamp, '2026-10-02T00:00Z');
      await story.work('2026-10-02T00:30Z');
      await story.work('2026-10-05T00:31Z');
    },
    use: async (day, perHour) => {
      const from = `${day}T00:00Z`;
      const to = Temporal.Instant.from(from).add({ hours: 24 }).toString();
      story.uses(stamp!, customer!, { meter: METERS.baseVm, from, to, perHour, name: 'linux' });
      await story.report(stamp!, to);
      await story.work(story.clock.now().toString());
    },
    add: async (change, of = customer!) => {
      const named = { exportId: randomUUID(), accountId: of.accountId };
      const changing = { clock: story.clock, actor: SYSTEM, mayChooseFolder: true };
      return story.database.transaction((tx) => putExport(tx, named, undefined, change, changing));
    },
  };
}

/** All files below a folder, by path, in order. */
export function treeOf(folder: string): Map<string, Buffer> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name)).toSorted();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

export function jsonOf(bytes: Buffer | undefined): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(bytes?.toString('utf8') ?? 'null');
  return isJsonObject(value) ? value : {};
}
