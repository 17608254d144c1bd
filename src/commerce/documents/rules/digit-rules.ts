import type { InvoiceData } from './invoice-data.ts';
import type { Rule } from './rule.ts';

type Amounts = (invoice: InvoiceData) => readonly (string | undefined)[];

/** Amounts by the number of the rule that gives them at most two digits after the point. */
const amounts: readonly (readonly [id: string, what: string, Amounts])[] = [
  ['09', 'the sum of the lines (BT-106)', ({ totals }) => [totals.lines]],
  ['10', 'the sum of allowances (BT-107)', ({ totals }) => [totals.allowances]],
  ['11', 'the sum of charges (BT-108)', ({ totals }) => [totals.charges]],
  ['12', 'the total without tax (BT-109)', ({ totals }) => [totals.net]],
  ['13', 'the total of the tax (BT-110)', ({ totals }) => [totals.tax]],
  ['14', 'the total with tax (BT-112)', ({ totals }) => [totals.gross]],
  ['16', 'what is paid (BT-113)', ({ totals }) => [totals.prepaid]],
  ['17', 'what is rounded (BT-114)', ({ totals }) => [totals.rounding]],
  ['18', 'the amount due (BT-115)', ({ totals }) => [totals.due]],
  ['19', 'each taxable amount (BT-116)', ({ taxes }) => taxes.map(({ base }) => base)],
  ['20', 'each tax (BT-117)', ({ taxes }) => taxes.map(({ amount }) => amount)],
  ['23', 'the net amount of each line (BT-131)', ({ lines }) => lines.map(({ net }) => net)],
];

/** No amount has more than two digits after the point. */
export const digitRules: readonly Rule[] = amounts.map(([id, what, of]) => ({
  id: `BR-DEC-${id}`,
  says: `At most two digits after the point has ${what}.`,
  holds: (invoice) => of(invoice).every((text) => !/\.\d{3}/.test(text ?? '')),
}));
