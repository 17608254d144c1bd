import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FocusTable } from '../focus/index.ts';
import { checkFocus } from './check-focus.ts';
import { describeConformance, type ConformanceReport } from './report.ts';
import { allKnown, decimal, tablesOf, validDelivery } from './test-delivery.ts';
import { dropColumn } from './test-generic-faults.ts';
import type { Values } from './test-rows.ts';

const foundIn = ({ findings }: ConformanceReport): string[] => findings.map(({ ruleId }) => ruleId);
const notChecked = (report: ConformanceReport, id: string): string | undefined =>
  report.notChecked.find(({ rules }) => rules.includes(id))?.reason;

/** The delivery with other values in its last charge, which is on no invoice. */
function withCharge(values: Values): FocusTable[] {
  const delivery = validDelivery('1.4');
  Object.assign(delivery.rows.CostAndUsage!.at(-1)!, values);
  return tablesOf(delivery);
}

/** The uninvoiced usage row many times, each for another resource. */
function manyCharges(count: number): FocusTable {
  const delivery = validDelivery('1.4');
  const [table] = tablesOf(delivery);
  const columns = table!.columns;
  const [resource, record] = [columns.indexOf('ResourceId'), columns.indexOf('x_RecordId')];
  const values = columns.map((name) => delivery.rows.CostAndUsage!.at(-1)![name] ?? null);
  return {
    ...table!,
    async *rows() {
      await Promise.resolve();
      for (let at = 0; at < count; at++) {
        const row = [...values];
        row[resource] = `/resources/${at}`;
        row[record] = `record-${at}`;
        yield row;
      }
    },
  };
}

describe('a delivery that keeps every rule', () => {
  for (const version of ['1.2', '1.4'] as const) {
    it(`of ${version} passes without a finding`, async () => {
      const report = await checkFocus(tablesOf(validDelivery(version)), allKnown(version));
      assert.deepEqual(report.findings, []);
      assert.equal(report.conforms, true);
      for (const { rules, dataset } of report.datasets) {
        assert.ok(rules.passed > 40, dataset);
        assert.equal(rules.failed + rules.warnings, 0);
        assert.ok(rules.notChecked > 0);
      }
    });
  }

  it('comes to the same in parts', async () => {
    const [charges, ...others] = tablesOf(validDelivery('1.4'));
    const rows = await Array.fromAsync(charges!.rows());
    const part = (from: number, to?: number): FocusTable => ({
      ...charges!,
      rows: async function* () {
        await Promise.resolve();
        yield* rows.slice(from, to);
      },
    });
    const whole = await checkFocus([charges!, ...others], allKnown('1.4'));
    const parts = await checkFocus([...others, part(0, 6), part(6)], allKnown('1.4'));
    assert.deepEqual(parts, whole);
  });
});

describe('what cannot be seen in the files', () => {
  it('is told with its reason and never passes', async () => {
    const report = await checkFocus(tablesOf(validDelivery('1.4')));
    assert.deepEqual(report.findings, []);
    assert.equal(
      notChecked(report, 'CAU-BilledCost-SM-010'),
      'what the invoices come to was not given',
    );
    assert.equal(
      notChecked(report, 'CAU-AvailabilityZone-C-003-C'),
      'it depends on charge.zoneSpecific',
    );
    assert.equal(
      notChecked(report, 'IND-InvoiceIssueStatus-C-006'),
      'no earlier delivery was given',
    );
    assert.match(notChecked(report, 'CAU-Tags-C-004-M') ?? '', /who made the files/);
  });

  it('is a column that may be missing for good reasons', async () => {
    const delivery = validDelivery('1.4');
    dropColumn(delivery, 'CostAndUsage', 'CapacityReservationId');
    const id = 'CAU-CostAndUsage-D-065-C';
    const shown = await checkFocus(tablesOf(delivery));
    assert.deepEqual(foundIn(shown), [id], 'CapacityReservationStatus is there');
    dropColumn(delivery, 'CostAndUsage', 'CapacityReservationStatus');
    const unknown = await checkFocus(tablesOf(delivery));
    assert.match(notChecked(unknown, id) ?? '', /CAPACITY_RESERVATION_SUPPORTED hold is not known/);
    const lacking = await checkFocus(tablesOf(delivery), {
      profile: { CAPACITY_RESERVATION: false },
    });
    assert.equal(notChecked(lacking, id), undefined);
    assert.deepEqual(foundIn(lacking), []);
    const having = await checkFocus(tablesOf(delivery), {
      profile: { CAPACITY_RESERVATION: true },
    });
    assert.deepEqual(foundIn(having), [id, 'CAU-CostAndUsage-D-020-C']);
  });

  it('is a dataset that nobody gave, unless the issuer has to give it', async () => {
    const [charges] = tablesOf(validDelivery('1.4'));
    const alone = await checkFocus([charges!]);
    assert.deepEqual(foundIn(alone), []);
    assert.equal(notChecked(alone, 'IND-BilledCost-C-003'), 'the dataset was not given');
    assert.equal(notChecked(alone, 'SM-CAU-06'), 'InvoiceDetail was not given');
    const payable = { profile: { INVOICE_ISSUER_PAYABLE_INVOICES: true } };
    assert.deepEqual(foundIn(await checkFocus([charges!], payable)), [
      'IND-InvoiceDetail-SM-001',
      'BIP-BillingPeriod-SM-001',
    ]);
  });

  it('is an invoice referred to that may stand in an earlier delivery', async () => {
    const tables = tablesOf(validDelivery('1.4'));
    assert.equal(
      notChecked(await checkFocus(tables), 'SM-IND-03'),
      'no earlier delivery was given',
    );
    const before = await checkFocus(tables, { previous: tables });
    assert.deepEqual(foundIn(before), ['SM-IND-03']);
  });

  it('are more ids than are remembered', async () => {
    const few = await checkFocus([manyCharges(500)], { maximumIds: 400 });
    assert.match(notChecked(few, 'SM-CAU-05') ?? '', /more ids/);
    assert.match(notChecked(few, 'CAU-ResourceId-C-007-M') ?? '', /more ids/);
    const enough = await checkFocus([manyCharges(500)], { maximumIds: 500 });
    assert.equal(notChecked(enough, 'SM-CAU-05'), undefined);
    assert.deepEqual(foundIn(enough), []);
  });
});

describe('sums per invoice', () => {
  const payable = async (amount: string): Promise<string[]> => {
    const invoices = new Map([['NC-1', { payableAmount: decimal(amount), isIssued: true }]]);
    return foundIn(await checkFocus(tablesOf(validDelivery('1.4')), { invoices }));
  };

  it('may be off by a hundred of the smallest units, and no more', async () => {
    assert.deepEqual(await payable('145.36'), []);
    assert.deepEqual(await payable('145.3600001'), ['CAU-BilledCost-SM-010']);
    assert.deepEqual(await payable('143.36'), []);
  });

  it('are exact in 1.2', async () => {
    const tables = tablesOf(validDelivery('1.2'));
    const invoices = new Map([['NC-1', { payableAmount: decimal('144.35'), isIssued: true }]]);
    assert.deepEqual(foundIn(await checkFocus(tables, { invoices })), ['BilledCost-C-007-M']);
  });

  it('are missing where an invoice has no row at all', async () => {
    const nothing = { payableAmount: decimal('0'), isIssued: true };
    const lost = {
      payableAmount: decimal('12.5'),
      isIssued: true,
      lines: new Map([['NC-9/1', decimal('12.5')]]),
    };
    const invoices = new Map([
      ['NC-8', nothing],
      ['NC-9', lost],
    ]);
    const report = await checkFocus(tablesOf(validDelivery('1.4')), { invoices });
    assert.deepEqual(
      report.findings.map(({ ruleId, examples }) => [ruleId, examples[0]?.value]),
      [
        ['CAU-BilledCost-SM-010', 'NC-9: no rows, not 12.5'],
        ['IND-InvoiceDetail-SM-029', 'NC-9 NC-9/1: no record, not 12.5'],
      ],
    );
  });

  it('are compared only where an invoice was issued', async () => {
    const invoices = new Map([['NC-1', { payableAmount: decimal('1'), isIssued: false }]]);
    assert.deepEqual(foundIn(await checkFocus(tablesOf(validDelivery('1.4')), { invoices })), []);
  });
});

describe('values that two datasets have', () => {
  it('are compared with every row, not with the last one alone', async () => {
    const delivery = validDelivery('1.4');
    const [first] = delivery.rows.CostAndUsage!.filter((row) => row['InvoiceId'] === 'NC-1');
    Object.assign(first!, { BillingPeriodEnd: '2026-12-01T00:00:00Z' });
    const report = await checkFocus(tablesOf(delivery), allKnown('1.4'));
    assert.ok(foundIn(report).includes('IND-BillingPeriodEnd-C-005'), foundIn(report).join());
  });

  it('are compared with every row of the delivery before', async () => {
    const now = tablesOf(validDelivery('1.4'));
    const before = validDelivery('1.4');
    const [first] = before.rows.CostAndUsage!.filter((row) => row['SkuPriceId'] === 'vm/north');
    Object.assign(first!, { SkuId: 'other' });
    const report = await checkFocus(now, { ...allKnown('1.4'), previous: tablesOf(before) });
    assert.ok(
      report.findings.some(({ examples }) =>
        examples.some(({ value }) => value?.includes('other before') === true),
      ),
      foundIn(report).join(),
    );
  });
});

describe('products', () => {
  it('are exact, with as many digits as they need', async () => {
    const exact = withCharge({
      ListUnitPrice: '0.000000000000000123456789',
      PricingQuantity: '98765432109876543210.123456789',
      ConsumedQuantity: '98765432109876543210.123456789',
      ListCost: '12193.263112635269013107750312635269',
      ContractedUnitPrice: '0',
      ContractedCost: '0',
    });
    const off = 'CAU-ListCost-C-011-C';
    const report = await checkFocus(exact);
    assert.equal(foundIn(report).includes(off), true, 'one digit more than the product has');
    const right = withCharge({
      ListUnitPrice: '0.1E-10',
      PricingQuantity: '3',
      ListCost: '3E-11',
      ContractedUnitPrice: '0',
      ContractedCost: '0',
    });
    assert.deepEqual(foundIn(await checkFocus(right)), []);
  });
});

describe('the report', () => {
  it('counts a fault in every row, and shows the first five', async () => {
    const [charges] = tablesOf(validDelivery('1.4'));
    const category = charges!.columns.indexOf('ChargeFrequency');
    const spoilt: FocusTable = {
      ...charges!,
      rows: async function* () {
        for await (const row of charges!.rows()) yield row.with(category, 'x'.repeat(300));
      },
    };
    const { findings, conforms } = await checkFocus([spoilt]);
    const [finding] = findings;
    assert.equal(conforms, false);
    assert.equal(findings.length, 1);
    assert.equal(finding?.count, 15);
    assert.deepEqual(
      finding?.examples.map(({ row }) => row),
      [1, 2, 3, 4, 5],
    );
    assert.equal(finding?.examples[0]?.value?.length, 203);
  });

  it('names the part of a format that is broken', async () => {
    const report = await checkFocus(withCharge({ PricingCurrencyListUnitPrice: '+0.1' }));
    assert.deepEqual(report.findings, [
      {
        ruleId: 'CAU-PricingCurrencyListUnitPrice-C-002-M',
        source: 'FOCUS',
        severity: 'error',
        dataset: 'CostAndUsage',
        column: 'PricingCurrencyListUnitPrice',
        message: 'PricingCurrencyListUnitPrice is a plain number such as -12.5',
        advice: 'Give the value in that form at its source, and export again.',
        count: 1,
        parts: ['ATT-NumericFormat-A-009'],
        examples: [{ row: 15, value: '+0.1' }],
      },
    ]);
  });

  it('says whose rule it is, and that advice is no error', async () => {
    const advice = await checkFocus(withCharge({ ConsumedUnit: 'widgets' }));
    assert.equal(advice.conforms, true);
    assert.equal(advice.findings[0]?.severity, 'warning');
    const own = await checkFocus(withCharge({ x_RecordId: 'record-0' }));
    assert.equal(own.findings[0]?.source, 'Stackmeter');
  });

  it('can be read', async () => {
    const report = await checkFocus(withCharge({ RegionName: null, ServiceName: ' ' }));
    const text = describeConformance(report);
    assert.match(
      text,
      /^FOCUS 1\.4: 2 errors, 1 warning\.\nCostAndUsage: 15 rows; \d+ rules passed, 2 failed,/,
    );
    assert.match(
      text,
      /Error CAU-RegionName-C-005-C, CostAndUsage\.RegionName, 1 time:\n {2}RegionName is filled, when RegionId is filled\.\n {2}row 15: null\n {2}To do: Fill the value/,
    );
    assert.match(text, /Not checked:\n {2}\d+ rules: /);
  });
});

describe('tables that do not belong together', () => {
  it('are refused', async () => {
    const [older] = tablesOf(validDelivery('1.2'));
    const [newer] = tablesOf(validDelivery('1.4'));
    await assert.rejects(checkFocus([older!, newer!]), /two versions/);
    await assert.rejects(checkFocus([]), /no table/);
    const part = { ...newer!, columns: newer!.columns.toReversed() };
    await assert.rejects(checkFocus([newer!, part]), /different columns/);
  });
});

describe('rows', () => {
  it('are read one after the other and not kept', async () => {
    let read = 0;
    const table = manyCharges(2000);
    const counted: FocusTable = {
      ...table,
      rows: async function* () {
        for await (const row of table.rows()) {
          read++;
          yield row;
        }
      },
    };
    const report = await checkFocus([counted]);
    assert.equal(read, 2000);
    assert.equal(report.datasets[0]?.rows, 2000);
    assert.deepEqual(foundIn(report), []);
  });
});
