import { spreadsheetText, StackmeterError } from '../../../kernel/index.ts';
import { folderDestination, writeWhole } from '../../formats/index.ts';
import { hourText } from '../adapter.ts';
import { factsOf } from '../event.ts';
import type { BillingAdapter, EventBatch } from './kind.ts';

const COLUMNS = [
  'eventId',
  'window',
  'registrationId',
  'accountId',
  'customerSubscriptionId',
  'subscriptionId',
  'meterId',
  'meterName',
  'unit',
  'quantity',
  'usageFrom',
  'usageTo',
  'code',
  'customer',
] as const;

/** A file holds this many events; the rest of a window is in a second one, and so on. */
const BATCH = 20_000;

/** Files below the folder for exports: one for each window of a stamp, under a name that stays. */
export const csvAdapter: BillingAdapter = {
  batchSize: BATCH,
  needsNames: false,
  contentOf: factsOf,
  send: async (batch, { exportFolder, isOver }) => {
    if (batch.events.length === 0 || isOver?.() === true) return { taken: [], refused: [] };
    const { adapterId } = batch.definition;
    const lines = batch.events.map((event) => {
      const facts = factsOf(event);
      return lineOf(COLUMNS.map((name) => valueOf(name, facts[name] ?? '')));
    });
    const text = [lineOf(COLUMNS), ...lines].join('');
    try {
      const folder = folderDestination(exportFolder, `adapters/${adapterId}`);
      await writeWhole(folder, nameOf(batch), Buffer.from(text));
      return { taken: batch.events.map(({ eventId }) => eventId), refused: [] };
    } catch (error) {
      if (!(error instanceof StackmeterError)) throw error;
      const problem = { text: error.message, isFatal: false, isUnsure: true };
      return { taken: [], refused: [], problem };
    }
  },
};

/** Such as `<stamp>/2026-11-24T10Z.csv`: hour in which it was reported. */
function nameOf({ registrationId, window, taken }: EventBatch): string {
  const part = Math.floor(taken / BATCH) + 1;
  const hour = `${hourText(window).slice(0, 13)}Z`;
  return `${registrationId}/${hour}${part === 1 ? '' : `.${part}`}.csv`;
}

/** What people typed in; all else is ours. A quantity may begin with a minus. */
const TYPED: ReadonlySet<string> = new Set(['meterId', 'meterName', 'unit', 'code', 'customer']);

function valueOf(name: string, value: string): string {
  return TYPED.has(name) ? spreadsheetText(value) : value;
}

/** A line after RFC 4180. */
function lineOf(values: readonly string[]): string {
  return `${values.map(fieldOf).join(',')}\r\n`;
}

function fieldOf(value: string): string {
  return /^[A-Za-z0-9.:-]*$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}
