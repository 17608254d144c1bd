import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal, parseCurrency, sumOf } from '../../kernel/index.ts';
import { parseAccountId } from '../../commerce/accounts/index.ts';
import { parseSubscriptionId } from '../../kernel/index.ts';
import type { ChargeFacts, UsagePart } from './facts.ts';
import { pricingOfLine } from './pricing-of-line.ts';
import type { FocusRow } from './row.ts';
import { usageRows, type UsageLine } from './usage-rows.ts';

const d = (text: string): Decimal => Decimal.parse(text)!;
const ID = '5a5a5a5a-0000-4000-8000-000000000001';

const facts: ChargeFacts = {
  charge: 7n,
  plan: 1,
  accountId: parseAccountId(ID)!,
  period: { name: '202610-1', fromHour: 24 * 100, toHour: 24 * 131 },
  customerSubscriptionId: parseSubscriptionId(ID)!,
  customerName: 'Acme',
  subscriptionId: parseSubscriptionId(ID)!,
  subscriptionName: 'Web',
  meter: { id: 'm', name: 'Cores', category: 'VM', subCategory: '', unit: '1 Hours' },
  billable: true,
  quantity: Decimal.zero,
  amount: undefined,
  invoicedQuantity: Decimal.zero,
  invoicedAmount: Decimal.zero,
  parts: 0,
  partsQuantity: Decimal.zero,
};

interface Case {
  readonly quantity: string;
  readonly amount: string;
  readonly billed: string;
  readonly parts: readonly string[];
  readonly unitPrice?: string;
  readonly more?: Partial<UsageLine>;
}

function rowsOf({ quantity, amount, billed, parts, unitPrice, more }: Case): FocusRow[] {
  const shown = { quantity: d(quantity), amount: d(amount) };
  const priced = { ...shown, unitPrice: unitPrice === undefined ? undefined : d(unitPrice) };
  const made = usageRows({
    facts,
    base: {},
    recordId: 'NC-1/1',
    isCorrection: false,
    hostName: 'Northern Cloud',
    priceVersion: 'list/1',
    pricing: pricingOfLine(priced, undefined),
    shown,
    sign: 1,
    billed: d(billed),
    currency: parseCurrency('EUR')!,
    ...more,
  });
  const part = (text: string, day: number): UsagePart => ({
    day: 100 + day,
    resourceKey: 'r',
    quantity: d(text),
    lastReported: undefined,
    resource: undefined,
  });
  return [...parts.flatMap((text, day) => made.of(part(text, day))), ...made.end()];
}

const sum = (rows: readonly FocusRow[]): string =>
  sumOf(rows.map((row) => d(row['BilledCost']!))).toText();
const kinds = (rows: readonly FocusRow[]): string[] =>
  rows
    .filter((row) => row['ChargeCategory'] === 'Adjustment')
    .map((row) => `${row['x_RecordId']} ${row['BilledCost']}`);

describe('the rows of a line', () => {
  it('come to what is printed, with a row for the rounding', () => {
    const rows = rowsOf({
      quantity: '3',
      amount: '0.015',
      billed: '0.02',
      parts: ['1', '2'],
      unitPrice: '0.005',
    });
    assert.equal(sum(rows), '0.02');
    assert.deepEqual(kinds(rows), ['NC-1/1/rounding 0.005']);
  });

  it('are refused when what is left is more than half of the smallest unit', () => {
    const line = { quantity: '3', amount: '0.015', parts: ['1', '2'], unitPrice: '0.005' };
    for (const billed of ['0.03', '0.0200001', '-0.02', '0.009']) {
      assert.throws(() => rowsOf({ ...line, billed }), {
        code: 'ExportRowsDiffer',
        message: /the printed amount of NC-1\/1 would come to /,
      });
    }
  });

  it('are refused when the parts are more or less than the line', () => {
    for (const parts of [['1'], ['1', '2', '0.0000001'], []]) {
      assert.throws(
        () => rowsOf({ quantity: '3', amount: '0.015', billed: '0.02', unitPrice: '0.005', parts }),
        { code: 'ExportRowsDiffer', message: /the quantities of NC-1\/1/ },
      );
    }
    const lump = { quantity: '5', amount: '-1', billed: '-1', more: { isCorrection: true } };
    assert.throws(() => rowsOf({ ...lump, parts: ['4'] }), { code: 'ExportRowsDiffer' });
  });

  it('are refused when the prices do not come to the exact amount', () => {
    const pricing = { kind: 'unit', key: 'standard', unitPrice: d('0.0049') } as const;
    const line = { quantity: '3', amount: '0.015', billed: '0.02', parts: ['3'] };
    assert.throws(() => rowsOf({ ...line, more: { pricing } }), {
      code: 'ExportRowsDiffer',
      message: /the exact amount of NC-1\/1/,
    });
  });

  it('have what an average cuts off apart from the rounding where it is much', () => {
    const parts = ['60000000000001', '10000000000000'];
    const rows = rowsOf({
      quantity: '70000000000001',
      amount: '1000000.001',
      billed: '1000000',
      parts,
    });
    assert.equal(sum(rows), '1000000');
    const [average, rounding] = kinds(rows);
    assert.match(average!, /^NC-1\/1\/average [0-9.]+$/);
    assert.equal(rounding, 'NC-1/1/rounding -0.001');
  });

  it('call an amount without a quantity by its name', () => {
    const rows = rowsOf({ quantity: '0', amount: '12.5', billed: '12.5', parts: [] });
    assert.deepEqual(kinds(rows), ['NC-1/1/amount 12.5']);
    assert.equal(rows[0]!['ChargeDescription'], 'Amount without a quantity: Cores');
  });

  it('are turned round where the line takes another one back', () => {
    const rows = rowsOf({
      quantity: '3',
      amount: '0.015',
      billed: '-0.02',
      parts: ['3'],
      unitPrice: '0.005',
      more: { sign: -1 },
    });
    assert.deepEqual(
      rows.map((row) => row['BilledCost']),
      ['-0.015', '-0.005'],
    );
  });
});
