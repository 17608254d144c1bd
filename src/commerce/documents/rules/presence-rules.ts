import type { PeriodData } from './invoice-data.ts';
import { isNumber, number, type LineRule, type Rule } from './rule.ts';

/** What has to be there, and be a number where it is one. */
export const presenceRules: readonly Rule[] = [
  {
    id: 'BR-01',
    says: 'An invoice has a specification identifier (BT-24).',
    holds: ({ specification }) => specification !== undefined,
  },
  {
    id: 'BR-02',
    says: 'An invoice has a number (BT-1).',
    holds: ({ number: given }) => given !== undefined,
  },
  {
    id: 'BR-03',
    says: 'An invoice has a date of issue (BT-2), which is a day.',
    holds: ({ issueDate }) => /^\d{4}-\d\d-\d\d$/.test(issueDate ?? ''),
  },
  {
    id: 'BR-04',
    says: 'An invoice has a type code (BT-3).',
    holds: ({ typeCode }) => typeCode !== undefined,
  },
  {
    id: 'BR-05',
    says: 'An invoice has a currency (BT-5).',
    holds: ({ currency }) => currency !== undefined,
  },
  {
    id: 'BR-06',
    says: 'The seller has a name (BT-27).',
    holds: ({ seller }) => seller.name !== undefined,
  },
  {
    id: 'BR-07',
    says: 'The buyer has a name (BT-44).',
    holds: ({ buyer }) => buyer.name !== undefined,
  },
  {
    id: 'BR-08',
    says: 'The seller has a postal address (BG-5).',
    holds: ({ seller }) => seller.hasAddress,
  },
  {
    id: 'BR-09',
    says: 'The address of the seller has a country (BT-40).',
    holds: ({ seller }) => seller.country !== undefined,
  },
  {
    id: 'BR-10',
    says: 'The buyer has a postal address (BG-8).',
    holds: ({ buyer }) => buyer.hasAddress,
  },
  {
    id: 'BR-11',
    says: 'The address of the buyer has a country (BT-55).',
    holds: ({ buyer }) => buyer.country !== undefined,
  },
  {
    id: 'BR-12',
    says: 'An invoice has the sum of its lines (BT-106).',
    holds: ({ totals }) => isNumber(totals.lines),
  },
  {
    id: 'BR-13',
    says: 'An invoice has a total without tax (BT-109).',
    holds: ({ totals }) => isNumber(totals.net),
  },
  {
    id: 'BR-14',
    says: 'An invoice has a total with tax (BT-112).',
    holds: ({ totals }) => isNumber(totals.gross),
  },
  {
    id: 'BR-15',
    says: 'An invoice has an amount due (BT-115).',
    holds: ({ totals }) => isNumber(totals.due),
  },
  {
    id: 'BR-16',
    says: 'An invoice has at least one line (BG-25).',
    holds: ({ lines }) => lines.length > 0,
  },
  {
    id: 'BR-29',
    says: 'The invoiced period does not end (BT-74) before it starts (BT-73).',
    holds: ({ period }) => isInOrder(period),
  },
  {
    id: 'BR-45',
    says: 'Each tax of the breakdown has a taxable amount (BT-116).',
    holds: ({ taxes }) => taxes.every(({ base }) => isNumber(base)),
  },
  {
    id: 'BR-46',
    says: 'Each tax of the breakdown has an amount (BT-117).',
    holds: ({ taxes }) => taxes.every(({ amount }) => isNumber(amount)),
  },
  {
    id: 'BR-47',
    says: 'Each tax of the breakdown has a category (BT-118).',
    holds: ({ taxes }) => taxes.every(({ category }) => category !== undefined),
  },
  {
    id: 'BR-48',
    says: 'Each tax of the breakdown has a rate (BT-119), unless it is outside the scope of the tax.',
    holds: ({ taxes }) => taxes.every(({ category, rate }) => category === 'O' || isNumber(rate)),
  },
  {
    id: 'BR-49',
    says: 'Instructions to pay (BG-16) have a means of payment (BT-81).',
    holds: ({ payments }) => payments.every(({ code }) => code !== undefined),
  },
  {
    id: 'BR-55',
    says: 'A reference to a preceding invoice (BG-3) has its number (BT-25).',
    holds: ({ precedingInvoices }) => precedingInvoices.every((one) => one !== undefined),
  },
  {
    id: 'BR-61',
    says: 'A transfer (30 or 58) names the account to pay to (BT-84).',
    holds: ({ payments }) =>
      payments.every(
        ({ code, account }) => !['30', '58'].includes(code ?? '') || account !== undefined,
      ),
  },
  {
    id: 'BR-62',
    says: 'The electronic address of the seller (BT-34) has a scheme.',
    holds: ({ seller }) => seller.endpoint === undefined || seller.endpointScheme !== undefined,
  },
  {
    id: 'BR-63',
    says: 'The electronic address of the buyer (BT-49) has a scheme.',
    holds: ({ buyer }) => buyer.endpoint === undefined || buyer.endpointScheme !== undefined,
  },
];

/** What each line has to have. */
export const lineRules: readonly LineRule[] = [
  {
    id: 'BR-21',
    says: 'Each line has an identifier (BT-126).',
    holdsFor: ({ id }) => id !== undefined,
  },
  {
    id: 'BR-22',
    says: 'Each line has a quantity (BT-129).',
    holdsFor: ({ quantity }) => isNumber(quantity),
  },
  {
    id: 'BR-23',
    says: 'The quantity of each line has a unit (BT-130).',
    holdsFor: ({ unitCode }) => unitCode !== undefined,
  },
  {
    id: 'BR-24',
    says: 'Each line has a net amount (BT-131).',
    holdsFor: ({ net }) => isNumber(net),
  },
  {
    id: 'BR-25',
    says: 'Each line has the name of its item (BT-153).',
    holdsFor: ({ name }) => name !== undefined,
  },
  {
    id: 'BR-26',
    says: 'Each line has a net price of its item (BT-146).',
    holdsFor: ({ price }) => isNumber(price),
  },
  {
    id: 'BR-27',
    says: 'The net price of an item (BT-146) is not negative.',
    holdsFor: ({ price }) => !number(price).isNegative(),
  },
  {
    id: 'BR-28',
    says: 'The gross price of an item (BT-148) is not negative.',
    holdsFor: ({ grossPrice }) => !number(grossPrice).isNegative(),
  },
  {
    id: 'BR-30',
    says: 'The period of a line does not end (BT-135) before it starts (BT-134).',
    holdsFor: ({ period }) => isInOrder(period),
  },
  {
    id: 'BR-CO-04',
    says: 'Each line has a category of tax (BT-151).',
    holdsFor: ({ category }) => category !== undefined,
  },
];

function isInOrder(period: PeriodData | undefined): boolean {
  const { start, end } = period ?? {};
  return start === undefined || end === undefined || start <= end;
}
