import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Decimal, hourNumber, sumOf, type SubscriptionId } from '../../../kernel/index.ts';
import { addTerm, type AccountId } from '../../accounts/index.ts';
import type { ReportingStamp } from '../../../../test/support/billing.ts';
import type { FullInvoice } from '../invoice.ts';
import { voidInvoice } from '../issue/void.ts';
import { explainInvoiceLine } from './explain-line.ts';
import type { LineExplanation, NamedRow, UsageExplanation } from './explanation.ts';
import { METERS, newSubscriptionId, OCTOBER, withInvoiced } from './test-invoiced.ts';

const d = (text: string): Decimal => Decimal.parse(text)!;
const DAY = OCTOBER / 24;

describe('an explanation of a line', () => {
  const invoiced = withInvoiced();
  const user = newSubscriptionId();
  let customer: SubscriptionId;
  let account: AccountId;
  let stamp: ReportingStamp;
  let invoice: FullInvoice;

  const lineOf = (of: FullInvoice, meterId: string): number =>
    of.lines.find((line) => line.meterId?.toLowerCase() === meterId)!.line;
  const explain = (
    of: FullInvoice,
    line: number,
    more: Partial<Parameters<typeof explainInvoiceLine>[1]> = {},
    tools: Parameters<typeof explainInvoiceLine>[2] = {},
  ): Promise<LineExplanation> =>
    explainInvoiceLine(invoiced.test.database.pool, { number: of.number, line, ...more }, tools);
  const usageOf = ({ usage }: LineExplanation): UsageExplanation => {
    assert.ok(usage !== undefined);
    return usage;
  };

  before(async () => {
    customer = await invoiced.addCustomer();
    account = await invoiced.accountOf(customer);
    await invoiced.price(account, { priceListId: 'tiers' });
    await invoiced.test.database.transaction((tx) =>
      addTerm(
        tx,
        account,
        {
          name: 'Ten percent',
          definition: {
            kind: 'discount',
            by: { percent: d('10') },
            recurrence: 'recurring',
            per: 'account',
          },
          effectiveFrom: hourNumber(OCTOBER),
        },
        invoiced.changing,
      ),
    );
    stamp = await invoiced.addStamp(customer);
    const one = { customer, subscriptionId: user };
    for (const day of [0, 1, 2]) {
      const hour = OCTOBER + day * 24;
      await invoiced.report(stamp, hour + 1, [
        { ...one, meterId: METERS.baseVm, usageHour: hour, quantity: '40', name: 'Web' },
        { ...one, meterId: METERS.baseVm, usageHour: hour, quantity: '10', name: 'db' },
        { ...one, meterId: METERS.windowsVm, usageHour: hour, quantity: '1.5', name: 'db' },
      ]);
    }
    await invoiced.report(stamp, OCTOBER + 60, [
      { ...one, meterId: METERS.baseVm, usageHour: OCTOBER + 1, quantity: '0.5', name: 'Web' },
    ]);
    await invoiced.rate();
    invoice = await invoiced.issue(account);
  });

  it('goes from the amount to the price, its tiers and the resources', async () => {
    const found = await explain(invoice, lineOf(invoice, METERS.baseVm));
    // 100 x 0.5 + 50.5 x 0.25
    assert.equal(found.line.exactAmount.toText(), '62.625');
    assert.equal(found.line.amount.toText(), '62.62');
    assert.equal(found.rounding.toText(), '-0.005');
    const { charge, price, resources, before: earlier, after, period } = usageOf(found);
    assert.equal(period, '202610-1');
    assert.equal(charge.amount?.toText(), '62.625');
    assert.ok(earlier.amount.isZero());
    assert.equal(after.amount.toText(), '62.625');
    assert.deepEqual([price.plan?.priceListId, price.plan?.version], ['tiers', 1]);
    assert.deepEqual(price.plan?.chain, []);
    assert.equal(price.item?.price.kind, 'graduated');
    const steps = price.group!.steps.map((step) => [
      step.quantity.toText(),
      step.unitPrice?.toText(),
      step.amount.toText(),
    ]);
    assert.deepEqual(steps, [
      ['100', '0.5', '50'],
      ['50.5', '0.25', '12.625'],
    ]);
    const shares = resources.map(({ amount }) => amount ?? Decimal.zero);
    assert.equal(resources.length, 2);
    assert.ok(
      sumOf(shares)
        .subtract(d('62.625'))
        .roundTo(18, (a, b) => a / b)
        .isZero(),
    );
    assert.equal(sumOf(resources.map(({ quantity }) => quantity)).toText(), '150.5');
  });

  it('goes on to the rows, with window, batch and mapping, by an example or as asked', async () => {
    const line = lineOf(invoice, METERS.baseVm);
    const example = usageOf(await explain(invoice, line)).day!;
    assert.equal(example.isAsked, false);
    assert.equal(example.rows.length > 0, true);
    const asked = usageOf(await explain(invoice, line, { resource: 'web', usageDay: DAY }));
    assert.equal(asked.resources.length, 1);
    assert.equal(asked.resources[0]!.quantity.toText(), '120.5');
    assert.ok(asked.day?.isAsked);
    assert.deepEqual(
      asked.day.rows.map((row) => [
        row.quantity.toText(),
        row.reportedHour,
        row.usageHour,
        row.sequence,
      ]),
      [
        ['40', OCTOBER + 1, OCTOBER, 1],
        ['0.5', OCTOBER + 60, OCTOBER + 1, 1],
      ],
    );
    const [row] = asked.day.rows;
    assert.match(row!.windowHash, /^[0-9a-f]{64}$/);
    assert.equal(row!.mapping, undefined);
    assert.equal(row!.records, undefined);
    const byKey = asked.resources[0]!.resourceKey.toUpperCase();
    const uri = asked.resources[0]!.resourceUri;
    for (const resource of [byKey, uri]) {
      const same = usageOf(await explain(invoice, line, { resource, usageDay: DAY }));
      assert.deepEqual(same.resources, asked.resources);
    }
    const none = usageOf(await explain(invoice, line, { resource: 'nobody' }));
    assert.deepEqual([none.resources, none.day], [[], undefined]);
    const otherDay = await explain(invoice, line, { resource: 'web', usageDay: DAY + 9 });
    assert.equal(usageOf(otherDay).day, undefined);
  });

  it('asks for the records of rows by all that a stamp knows of them', async () => {
    const seen: NamedRow[] = [];
    const found = await explain(
      invoice,
      lineOf(invoice, METERS.windowsVm),
      { resource: 'DB', usageDay: DAY },
      {
        recordsOf: async (row) => {
          seen.push(row);
          return { state: 'expired' };
        },
      },
    );
    assert.deepEqual(
      usageOf(found).day?.rows.map(({ records }) => records),
      [{ state: 'expired' }],
    );
    assert.equal(seen.length, 1);
    const { registrationId, meterId, ...row } = seen[0]!;
    assert.equal(meterId.toLowerCase(), METERS.windowsVm);
    assert.match(registrationId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(row, {
      subscriptionId: user,
      resourceUri: `/subscriptions/${user}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/db`,
      location: 'local',
      tags: '',
      additionalInfo: '',
      reportedHour: OCTOBER + 1,
      usageHour: OCTOBER,
    });
  });

  it('comes in pages of resources', async () => {
    const line = lineOf(invoice, METERS.baseVm);
    const first = usageOf(await explain(invoice, line, { limit: 1 }));
    assert.equal(first.next, first.resources[0]?.resourceKey);
    const second = usageOf(await explain(invoice, line, { limit: 1, resourcesAfter: first.next }));
    assert.equal(second.next, undefined);
    assert.equal(
      new Set([...first.resources, ...second.resources].map((one) => one.resourceUri)).size,
      2,
    );
  });

  it('of a term computes it anew', async () => {
    const line = invoice.lines.find(({ kind }) => kind === 'discount')!;
    const { term, usage } = await explain(invoice, line.line);
    assert.equal(usage, undefined);
    assert.ok(term !== undefined);
    assert.equal(term.term.name, 'Ten percent');
    // 62.62 + 0.21 of usage
    assert.equal(term.base?.toText(), '62.83');
    assert.equal(term.computed?.toText(), line.amount.toText());
    assert.deepEqual(term.hours, { inForce: 744, of: 744 });
    assert.ok(term.used.isZero());
  });

  it('of a correction tells what was invoiced before and what is now', async () => {
    await invoiced.report(stamp, OCTOBER + 745, [
      {
        customer,
        subscriptionId: user,
        meterId: METERS.windowsVm,
        usageHour: OCTOBER + 5,
        quantity: '2',
        name: 'db',
      },
      {
        customer,
        subscriptionId: user,
        meterId: METERS.baseVm,
        usageHour: OCTOBER + 744,
        quantity: '1',
      },
    ]);
    await invoiced.rate();
    invoiced.clock.advance(31 * 24 * 3_600_000);
    const next = await invoiced.issue(account, '202611-1');
    const line = next.lines.find(({ kind }) => kind === 'correction')!;
    const found = await explain(next, line.line);
    const { before: earlier, after, charge, lines, period } = usageOf(found);
    assert.equal(period, '202610-1');
    assert.deepEqual([earlier.quantity.toText(), earlier.amount.toText()], ['4.5', '0.207']);
    assert.deepEqual([after.quantity.toText(), after.amount.toText()], ['6.5', '0.299']);
    assert.equal(charge.amount?.toText(), '0.299');
    assert.deepEqual(
      lines.map(({ number, kind }) => [number, kind]),
      [
        [invoice.number, 'usage'],
        [next.number, 'correction'],
      ],
    );
    // The first invoice says still what it said.
    const first = usageOf(await explain(invoice, lineOf(invoice, METERS.windowsVm)));
    assert.equal(first.after.amount.toText(), '0.207');
  });

  it('of a cancellation names the line that it takes back', async () => {
    const room = { database: invoiced.test.database, clock: invoiced.clock };
    const note = await voidInvoice(room, invoice.number, 'a mistake', invoiced.changing);
    const line = note.lines.find(({ charge }) => charge !== undefined)!;
    const found = await explain(note, line.line);
    assert.deepEqual(found.cancelled, { number: invoice.number, line: line.cancels });
    const { before: earlier, after } = usageOf(found);
    assert.ok(earlier.amount.subtract(after.amount).equals(line.exactAmount));
  });

  it('is not there for what is not there', async () => {
    await assert.rejects(explain(invoice, 99), { code: 'InvoiceLineNotFound' });
    await assert.rejects(explain({ ...invoice, number: 'X-1' }, 1), { code: 'InvoiceNotFound' });
  });
});
