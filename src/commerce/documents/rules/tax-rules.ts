import type { InvoiceData, LineData, TaxData } from './invoice-data.ts';
import { number, sum, type Rule } from './rule.ts';
import { isRounded } from './sum-rules.ts';

interface Family {
  /** As UNTDID 5305 and the names of the rules have it. */
  readonly category: string;
  readonly name: string;
  /** Rule 02: whose numbers have to be there, or must not. */
  readonly numbers: readonly [says: string, holds: (invoice: InvoiceData) => boolean];
  readonly rate: 'above zero' | 'zero' | 'none';
  /** Rule 10. */
  readonly reason: 'none' | 'some';
}

const sellerNumber: Family['numbers'] = [
  'the seller has a number for value added tax (BT-31) or for taxes (BT-32)',
  ({ seller }) => (seller.vatId ?? seller.taxNumber) !== undefined,
];

const families: readonly Family[] = [
  {
    category: 'S',
    name: 'the standard rate',
    numbers: sellerNumber,
    rate: 'above zero',
    reason: 'none',
  },
  { category: 'Z', name: 'a rate of zero', numbers: sellerNumber, rate: 'zero', reason: 'none' },
  { category: 'E', name: 'exemption', numbers: sellerNumber, rate: 'zero', reason: 'some' },
  {
    category: 'AE',
    name: 'reverse charge',
    numbers: [
      'the seller has a number for taxes (BT-31, BT-32), and the buyer one for value added tax (BT-48) or a legal registration (BT-47)',
      (invoice) =>
        sellerNumber[1](invoice) &&
        (invoice.buyer.vatId ?? invoice.buyer.registrationId) !== undefined,
    ],
    rate: 'zero',
    reason: 'some',
  },
  {
    category: 'G',
    name: 'export',
    numbers: [
      'the seller has a number for value added tax (BT-31)',
      ({ seller }) => seller.vatId !== undefined,
    ],
    rate: 'zero',
    reason: 'some',
  },
  {
    category: 'O',
    name: 'what is outside the scope of the tax',
    numbers: [
      'nobody has a number for value added tax (BT-31, BT-48)',
      ({ seller, buyer }) => seller.vatId === undefined && buyer.vatId === undefined,
    ],
    rate: 'none',
    reason: 'some',
  },
];

/** What holds in each category of value added tax. */
export const taxRules: readonly Rule[] = [
  ...families.flatMap(familyRules),
  {
    id: 'BR-O-11',
    says: 'With tax outside the scope (O) in the breakdown there is no other tax in it.',
    holds: ({ taxes }) => taxes.length <= 1 || taxes.every(({ category }) => category !== 'O'),
  },
  {
    id: 'BR-O-12',
    says: 'With tax outside the scope (O) in the breakdown every line is outside of it.',
    holds: ({ taxes, lines }) =>
      taxes.every(({ category }) => category !== 'O') ||
      lines.every(({ category }) => category === 'O'),
  },
];

function familyRules({ category, name, numbers, rate, reason }: Family): Rule[] {
  const lines = (invoice: InvoiceData): readonly LineData[] =>
    invoice.lines.filter((line) => line.category === category);
  const taxes = (invoice: InvoiceData): readonly TaxData[] =>
    invoice.taxes.filter((tax) => tax.category === category);
  const rule = (id: string, says: string, holds: Rule['holds']): Rule => {
    return { id: `BR-${category}-${id}`, says: `With ${name} (${category}): ${says}.`, holds };
  };
  const isTaxed = rate === 'above zero';
  return [
    rule(
      '01',
      `the breakdown has ${isTaxed ? 'such a tax' : 'exactly one such tax'} where a line has it`,
      (invoice) =>
        lines(invoice).length === 0 ||
        (isTaxed ? taxes(invoice).length > 0 : taxes(invoice).length === 1),
    ),
    rule(
      '02',
      `${numbers[0]} where a line has it`,
      (invoice) => lines(invoice).length === 0 || numbers[1](invoice),
    ),
    rule('05', `the rate of a line (BT-152) is ${rate}`, (invoice) =>
      lines(invoice).every((line) => isRate(line.rate, rate)),
    ),
    rule(
      '08',
      `the taxable amount (BT-116) is the sum of its lines${isTaxed ? ' of that rate' : ''}`,
      (invoice) => taxes(invoice).every((tax) => isSumOf(tax, lines(invoice), isTaxed)),
    ),
    rule(
      '09',
      isTaxed
        ? 'the tax (BT-117) is the taxable amount times the rate'
        : 'the tax (BT-117) is zero',
      (invoice) =>
        taxes(invoice).every((tax) =>
          isTaxed ? isRounded(tax, invoice) : number(tax.amount).isZero(),
        ),
    ),
    rule(
      '10',
      `the breakdown has ${reason === 'none' ? 'no' : 'a'} reason for not taxing (BT-120, BT-121)`,
      (invoice) =>
        taxes(invoice).every(
          (tax) => ((tax.reason ?? tax.reasonCode) === undefined) === (reason === 'none'),
        ),
    ),
  ];
}

function isRate(text: string | undefined, rate: Family['rate']): boolean {
  if (rate === 'none') return text === undefined;
  if (text === undefined) return false;
  return rate === 'zero'
    ? number(text).isZero()
    : !number(text).isZero() && !number(text).isNegative();
}

function isSumOf(tax: TaxData, lines: readonly LineData[], byRate: boolean): boolean {
  const own = byRate ? lines.filter((line) => number(line.rate).equals(number(tax.rate))) : lines;
  return number(tax.base).equals(sum(own.map(({ net }) => net)));
}
