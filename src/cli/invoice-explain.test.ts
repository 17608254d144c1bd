import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  newSubscriptionId,
  reportUsage,
} from '../../test/support/billing.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { SYSTEM } from '../audit/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  findPeriod,
  putAccount,
  readAccountTree,
} from '../commerce/accounts/index.ts';
import {
  issueInvoice,
  type FullInvoice,
  type LineExplanation,
} from '../commerce/invoicing/index.ts';
import { explainInvoiceLine } from '../commerce/invoicing/index.ts';
import { ensureTaxTable } from '../commerce/pricing/index.ts';
import { rateAcceptedUsage } from '../commerce/rating/index.ts';
import { Decimal, hourNumber } from '../kernel/index.ts';
import { fixedClock } from '../platform/index.ts';
import { Arguments } from './arguments.ts';
import { makeContext } from './context.ts';
import { explanationText } from './invoice-explain-text.ts';
import { explain } from './invoice-explain.ts';

const OCTOBER = hourAt('2026-10-01T00:00Z');

describe('invoice explain', () => {
  const test = withTestDatabase();
  const data = mkdtempSync(join(tmpdir(), 'stackmeter-explain-'));
  const clock = fixedClock(Temporal.Instant.from('2026-11-03T10:30:00Z'));
  const user = newSubscriptionId();
  let invoice: FullInvoice;
  after(() => rmSync(data, { recursive: true }));

  before(async () => {
    const { database } = test;
    const changing = { clock, actor: SYSTEM };
    const customer = await addCustomer(database, { name: 'Ada' });
    await database.transaction(async (tx) => {
      await ensureBillingAccounts(tx, clock);
      await ensureTaxTable(tx, clock);
      const { root } = await readAccountTree(tx);
      await putAccount(
        tx,
        { accountId: root.accountId, name: 'Provider', country: 'FR', registrationId: '1' },
        changing,
      );
    });
    const { accountId } = (await findAccountBySubscription(database.pool, customer))!;
    await database.transaction((tx) => putAccount(tx, { accountId, country: 'FR' }, changing));
    const stamp = await addStamp(database, customer, { from: OCTOBER });
    const used = { customer, subscriptionId: user, meterId: METERS.baseVm, usageHour: OCTOBER };
    await reportUsage(database, stamp, OCTOBER + 1, [
      { ...used, quantity: '1000.5', name: 'web' },
      { ...used, quantity: '0.25', name: 'db' },
    ]);
    await rateAcceptedUsage({ database, clock });
    const period = (await findPeriod(database.pool, accountId, '202610-1'))!;
    invoice = (await issueInvoice({ database, clock }, period, changing, { early: true }))!;
  });

  const run = async (options: Record<string, unknown>, json = false): Promise<string> => {
    const chunks: string[] = [];
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk.toString());
        done();
      },
    });
    const output = { out, err: out, isScreen: false };
    const context = makeContext({ data, databaseUrl: test.url, json }, output);
    await explain(context, new Arguments([invoice.number], options));
    return chunks.join('');
  };

  it('draws the way from the amount down to a row', async () => {
    const text = await run({ line: '1' });
    const [head, amount, exact] = text.split('\n');
    assert.equal(
      head,
      `${invoice.number}, Provider to Ada, period 202610-1, line 1: ${invoice.lines[0]!.description}`,
    );
    assert.equal(amount, '8.01 USD (usage)');
    assert.equal(exact, '├─ 8.006 USD exactly, rounded half to even by +0.004');
    for (const part of [
      /^├─ charge \d+: usage of 202610-1 on [0-9a-f-]{36}, by [0-9a-f-]{36} of the stamp$/m,
      /^│ {2}├─ invoiced before: 0 .*, 0 USD$/m,
      /^│ {2}└─ invoiced with it: 1000\.75 .*, 8\.006 USD$/m,
      /^├─ price list sample, version 1, flat$/m,
      /counted together: 1000\.75 of 1 charge, after 0 before, of 1000\.75 in the period: 8\.006 USD$/m,
      /flat: 1000\.75 at 0\.008 = 8\.006$/m,
      /virtualMachines\/web: 1000\.5, 8\.004 USD, 1 row$/m,
      /^└─ rows of .* on 2026-10-01 \(an example; --resource NAME --day DATE shows others and records\)$/m,
      /window 2026-10-01T01Z of registration [0-9a-f-]{36}, batch 1, accepted 2026-10-01T02:00:00Z$/m,
      /not mapped: on the subscription of the registration$/m,
    ]) {
      assert.match(text, part);
    }
  });

  it('goes on to the records of a resource and a day', async () => {
    const text = await run({ line: '1', resource: 'WEB', day: '2026-10-01' });
    assert.match(text, /its records are on the stamp of the registration, which is not this one$/m);
    assert.doesNotMatch(text, /virtualMachines\/db/);
    assert.match(text, /2026-10-01: 1000\.5$/m);
  });

  it('has it all as JSON', async () => {
    const value: unknown = JSON.parse(await run({ line: '1' }, true));
    assert.partialDeepStrictEqual(value, {
      invoice: { number: invoice.number, currency: 'USD' },
      line: { exactAmount: '8.006', amount: '8.01' },
      price: { priceListId: 'sample', chain: [] },
    });
  });

  it('says what is wrong with the question', async () => {
    for (const line of ['0', 'x', '1.5']) {
      await assert.rejects(run({ line }), { code: 'InvalidProperty', message: /--line/ });
    }
    await assert.rejects(run({ line: '1', day: 'soon' }), { code: 'InvalidProperty' });
    await assert.rejects(run({ line: '7' }), { code: 'InvoiceLineNotFound' });
  });

  it('tells records, terms and what was taken back', async () => {
    const base = await explainInvoiceLine(test.database.pool, { number: invoice.number, line: 1 });
    const d = (text: string): Decimal => Decimal.parse(text)!;
    const [row] = base.usage!.day!.rows;
    const start = Temporal.Instant.from('2026-10-01T00:00Z');
    const record = { recordKey: 'key', usageStart: start, usageEnd: start, quantity: d('2') };
    const told = (change: Partial<LineExplanation>): string =>
      explanationText({ ...base, ...change });
    const withRecords = (records: NonNullable<typeof row>['records']): string =>
      told({
        usage: { ...base.usage!, day: { ...base.usage!.day!, rows: [{ ...row!, records }] } },
      });
    const found = withRecords({
      state: 'found',
      more: false,
      records: Array.from({ length: 11 }, () => record),
    });
    assert.match(found, /record key, 2026-10-01T00:00:00Z to 2026-10-01T00:00:00Z: 2$/m);
    assert.match(found, /and more$/m);
    assert.match(withRecords({ state: 'expired' }), /past their retention on the stamp, and gone/);
    const term = {
      term: {
        termId: 'id',
        name: 'Off',
        definition: {
          kind: 'discount',
          by: { percent: d('10') },
          recurrence: 'once',
          per: 'account',
        } as const,
        effectiveFrom: hourNumber(OCTOBER),
        effectiveTo: undefined,
      },
      hours: { inForce: 100, of: 744 },
      base: d('50'),
      used: d('3'),
      computed: d('-5'),
    };
    const discount = told({ usage: undefined, term, cancelled: { number: 'INV-1', line: 4 } });
    assert.match(discount, /takes back line 4 of INV-1$/m);
    for (const part of [
      'a discount of 10 %, once',
      'in force in 100 of 744 hours of the period',
      'computed on 50 USD',
      'earlier invoices have 3 USD of it',
      'comes to -5 USD',
    ]) {
      assert.ok(discount.includes(part), part);
    }
  });
});
