import { hourAt, type UsageRow } from '../../../test/support/billing.ts';
import { hourNumber } from '../../kernel/index.ts';
import { addTerm } from '../accounts/index.ts';
import { parseTerm, setTaxRate } from '../pricing/index.ts';
import { dayCount } from './dates.ts';
import type { FullInvoice } from './invoice.ts';
import { decimal } from './test-lines.ts';
import type { TestCustomer, TestRoom } from './test-room.ts';

/** What tests of corrections say in a line. */
interface Corrections {
  /** Usage of one day, whenever it is reported: each in a window of its own, after all others. */
  readonly used: (
    day: string,
    of: TestCustomer,
    quantity: string,
    changes?: Partial<UsageRow>,
  ) => Promise<void>;
  /** A term that is in force from the beginning of October 2026 on. */
  readonly term: (
    of: TestCustomer,
    name: string,
    definition: Record<string, unknown>,
  ) => Promise<void>;
  /** From a day on, France taxes at the standard rate. */
  readonly taxed: (day: string, percent: string) => Promise<void>;
  readonly setDay: (day: string) => void;
}

/** @param first window in which late usage is reported, such as `2027-03-01T00:00Z` */
export function correctionsOf(own: TestRoom, first: string): Corrections {
  let window = hourAt(first);
  return {
    used: async (day, of, quantity, changes = {}) => {
      const at = new Date(window * 3_600_000).toISOString();
      window += 1;
      await own.use(at, [{ of, quantity, usageHour: hourAt(`${day}T00:00Z`), ...changes }]);
    },
    term: async ({ accountId }, name, definition) => {
      const effectiveFrom = hourNumber(hourAt('2026-10-01T00:00Z'));
      await own.test.database.transaction((tx) =>
        addTerm(
          tx,
          accountId,
          { name, definition: parseTerm(definition), effectiveFrom },
          own.changing,
        ),
      );
    },
    taxed: async (day, percent) => {
      const rate = {
        sellerCountry: 'FR',
        buyerCountry: 'FR',
        businessOnly: false,
        category: 'S',
        percent: decimal(percent),
        reason: undefined,
        fromDay: dayCount(day),
      } as const;
      await own.test.database.transaction((tx) => setTaxRate(tx, rate, own.changing));
    },
    setDay: (day) => own.clock.set(Temporal.Instant.from(`${day}T00:00Z`)),
  };
}

/** The lines of an invoice without what does not matter here. */
export function linesTold({ lines }: Pick<FullInvoice, 'lines'>): string[] {
  return lines.map(
    ({ kind, quantity, amount, tax, correctsPeriod }) =>
      `${kind} ${quantity.toText()} = ${amount.toText()} ${tax.category}${correctsPeriod === undefined ? '' : ` of ${correctsPeriod}`}`,
  );
}
