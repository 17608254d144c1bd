import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { SYSTEM } from '../../audit/index.ts';
import { hourNumber, hourOf, sumOf, type HourNumber } from '../../kernel/index.ts';
import { decimalOf } from '../../platform/index.ts';
import {
  addTerm,
  findPeriod,
  putAccount,
  readAccountTree,
  type AccountId,
} from '../accounts/index.ts';
import { issueInvoice, voidInvoice } from '../invoicing/index.ts';
import { ensureTaxTable, parseTerm } from '../pricing/index.ts';
import { costSoFar } from './cost-so-far.ts';
import { forecastOf } from './forecast/forecast-of.ts';
import { feesAndCredits } from './query/fees.ts';
import { summarizeCosts } from './summaries/summarize.ts';
import { verifyCostSummaries } from './summaries/verify.ts';
import { METERS, PRICES, withCostRoom } from './test-costs.ts';

type ForecastOf = Awaited<ReturnType<typeof forecastOf>>;

const at = (text: string): HourNumber => hourOf(Temporal.Instant.from(text));

describe('the costs of a month', () => {
  const room = withCostRoom();
  const changing = { clock: room.clock, actor: SYSTEM };
  const costOf = async (
    accountId: AccountId,
    from = '2026-10-01T00:00Z',
    to = '2026-11-01T00:00Z',
  ) => costSoFar(room.test.database, { accountId, view: 'buying', from: at(from), to: at(to) });
  const summarize = async (): Promise<void> => {
    await summarizeCosts(room.test);
    assert.deepEqual((await verifyCostSummaries(room.test)).differences, []);
  };

  before(async () => {
    await room.report(200, 9);
    await summarize();
  });

  it('follow a price that changes within it, by the hours of use', async () => {
    const [customer] = room.customers.slice(2);
    const row = { meterId: METERS.windowsVm, quantity: '10', name: 'changing' };
    const earlier = await costOf(customer!.accountId);
    const dearer = { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '1' } };
    await room.publish([PRICES[0]!, dearer], at('2026-10-31T00:00Z'));
    await room.rerate();
    await room.use(
      [
        { ...row, usageHour: at('2026-10-30T23:00Z') },
        { ...row, usageHour: at('2026-10-31T00:00Z') },
      ],
      customer!,
    );
    await summarize();
    const day = await costOf(customer!.accountId, '2026-10-30T00:00Z', '2026-10-31T00:00Z');
    const next = await costOf(customer!.accountId, '2026-10-31T00:00Z', '2026-11-01T00:00Z');
    const after = await costOf(customer!.accountId);
    assert.ok(next.amount.compare(decimalOf('10')) >= 0);
    assert.ok(after.amount.compare(earlier.amount) > 0);
    // Tiers are shared by quantity over all their days, so parts of a month are rounded in the last digits.
    const early = await costOf(customer!.accountId, '2026-10-01T00:00Z', '2026-10-30T00:00Z');
    const off = sumOf([early.amount, day.amount, next.amount]).subtract(after.amount);
    assert.ok(off.roundTo(17, (numerator, denominator) => numerator / denominator).isZero());
  });

  it('are the lines of its invoice before they are rounded', async () => {
    const { database } = room.test;
    const tree = await readAccountTree(database.pool);
    const [, , customer] = room.customers;
    await database.transaction(async (tx) => {
      await ensureTaxTable(tx, room.clock);
      const fields = { country: 'FR', name: 'Provider', seriesPrefix: 'PRO' };
      await putAccount(tx, { accountId: tree.root.accountId, ...fields }, changing);
      await putAccount(tx, { accountId: customer!.accountId, country: 'FR' }, changing);
    });
    const period = await findPeriod(database.pool, customer!.accountId, '202610-1');
    const issued = await issueInvoice({ database, clock: room.clock }, period!, changing, {
      early: true,
    });
    assert.ok(issued);
    const { rows } = await database.pool.query<{ exact: string }>(
      "select trim_scale(sum(exact_amount)) as exact from invoice_line where account_id = $1 and kind = 'usage'",
      [customer!.accountId],
    );
    await summarize();
    const cost = await costOf(customer!.accountId);
    assert.equal(cost.amount.toText(), rows[0]!.exact);
    assert.equal(cost.unpriced, 0);
  });

  it('have fees beside them as they stand after notes', async () => {
    const { database } = room.test;
    const billing = { database, clock: room.clock };
    const [, , customer] = room.customers;
    const { accountId } = customer!;
    const october = { from: at('2026-10-01T00:00Z'), to: at('2026-11-01T00:00Z') };
    const november = { from: at('2026-11-01T00:00Z'), to: at('2026-12-01T00:00Z') };
    const fees = async (range: { from: number; to: number }): Promise<string | undefined> =>
      (await feesAndCredits(database.pool, [accountId], range))?.toText();
    assert.equal(await fees(october), undefined);
    await database.transaction((tx) =>
      addTerm(
        tx,
        accountId,
        {
          name: 'Support',
          definition: parseTerm({ kind: 'fee', amount: '30' }),
          effectiveFrom: hourNumber(0),
        },
        changing,
      ),
    );
    const now = room.clock.now();
    room.clock.set(Temporal.Instant.from('2026-12-05T00:00Z'));
    const period = await findPeriod(database.pool, accountId, '202611-1');
    const issued = await issueInvoice(billing, period!, changing, { early: true });
    assert.equal(await fees(november), '30');
    await voidInvoice(billing, issued!.number, 'a mistake', changing);
    room.clock.set(now);
    assert.equal(await fees(november), '0');
    // A document that came to less than nothing gives what it has positively.
    await database.pool.query('alter table invoice disable trigger user');
    await database.pool.query(
      `update invoice set kind = case kind when 'invoice' then 'credit-note' else kind end where number = $1`,
      [issued!.number],
    );
    assert.equal(await fees(november), '-60');
  });

  it('follow usage that comes late, also of a month that was invoiced', async () => {
    const [, , customer] = room.customers;
    const earlier = await costOf(customer!.accountId);
    await room.use(
      [
        {
          usageHour: at('2026-10-31T12:00Z'),
          meterId: METERS.windowsVm,
          quantity: '7',
          name: 'late',
        },
      ],
      customer!,
    );
    // Until it is summed, what is told stays as it was, and belongs together.
    assert.ok((await costOf(customer!.accountId)).amount.equals(earlier.amount));
    await summarize();
    const after = await costOf(customer!.accountId);
    assert.ok(after.amount.subtract(earlier.amount).equals(decimalOf('7')));
  });

  it('are forecast while the month goes on, for filters too', async () => {
    const room2 = { database: room.test.database, clock: room.clock };
    const scope = {
      accountId: room.partner,
      from: at('2026-11-01T00:00Z'),
      to: at('2026-12-01T00:00Z'),
    };
    const all = await forecastOf(room2, scope);
    assert.ok(all.forecast !== undefined && all.low !== undefined && all.high !== undefined);
    assert.ok(all.amount.compare(all.low) <= 0 && all.low.compare(all.forecast) <= 0);
    assert.ok(all.forecast.compare(all.high) <= 0);
    const filters = [{ by: 'meter' as const, values: [METERS.windowsVm] }];
    const one = await forecastOf(room2, { ...scope, filters });
    assert.ok(one.amount.compare(all.amount) < 0);
    const later = { ...scope, from: at('2027-01-01T00:00Z'), to: at('2027-02-01T00:00Z') };
    assert.equal((await forecastOf(room2, later)).forecast, undefined);
    await assert.rejects(
      forecastOf(room2, { ...scope, accountId: room.provider, view: 'buying' }),
      { code: 'InvalidProperty' },
    );
  });

  it('are forecast once for each day, also where one stamp is ahead of another', async () => {
    const { database } = room.test;
    const scope = {
      accountId: room.partner,
      from: at('2026-11-01T00:00Z'),
      to: at('2026-12-01T00:00Z'),
    };
    const known = at('2026-11-18T00:00Z');
    /** With a stamp that has reported up to there only. */
    const forecast = async (): Promise<ForecastOf> => {
      await summarize();
      await database.pool.query('update cost_progress set summarized_to = $1', [known]);
      return forecastOf({ database, clock: room.clock }, scope);
    };
    const earlier = await forecast();
    const ahead = { meterId: METERS.windowsVm, quantity: '0.01', name: 'ahead' };
    await room.use([{ ...ahead, usageHour: at('2026-11-20T00:00Z') }], room.customers[0]!);
    const later = await forecast();
    assert.ok(later.amount.compare(earlier.amount) > 0);
    assert.equal(later.forecast?.toText(), earlier.forecast?.toText());
    // What is known is more than was expected of all days.
    await room.use(
      [{ ...ahead, quantity: '100000', usageHour: at('2026-11-20T01:00Z') }],
      room.customers[0]!,
    );
    const dear = await forecast();
    assert.equal(dear.forecast?.toText(), dear.amount.toText());
  });
});
