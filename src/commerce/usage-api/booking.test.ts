import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { readBooking } from './booking.ts';
import { MIDNIGHT, newTenant, START, withTestAccounts } from './test-accounts.ts';

const NEXT = MIDNIGHT + 3;

describe('the registrations that an account waits for', () => {
  const accounts = withTestAccounts();
  let base: SubscriptionId;
  let customer: SubscriptionId;
  let partnerId: string;
  let number: number;
  let partners = 0;

  beforeEach(async () => {
    partners += 1;
    partnerId = `partner ${partners}`;
    base = await accounts.addAccount({ partnerId, approved: true });
    customer = await accounts.addAccount({ partnerId });
    number = await accounts.addRegistration(base, { from: MIDNIGHT, next: NEXT });
  });

  const query = async (text: string, values: readonly unknown[]): Promise<void> => {
    const { rowCount } = await accounts.test.database.pool.query(text, [...values]);
    assert.equal(rowCount, 1);
  };
  const expectedOf = async (account: SubscriptionId): Promise<number[]> => {
    const booking = await readBooking(accounts.test.database.pool, account, START);
    for (const { registration, hour } of booking.expected) {
      assert.ok(booking.registrations.has(registration));
      assert.equal(hour, NEXT);
    }
    return booking.expected.map(({ registration }) => registration).toSorted((a, b) => a - b);
  };
  const setSpan = (from: string, to: string): Promise<void> =>
    query(
      `update customer_mapping set effective_from = $2, effective_to = $3 where registration_number = $1`,
      [number, from, to],
    );
  const asked = async (account: SubscriptionId, to: number): Promise<number> => {
    const range = new URLSearchParams({
      'api-version': '2015-06-01-preview',
      reportedStartTime: '2026-11-23T00:00:00Z',
      reportedEndTime: Temporal.Instant.fromEpochMilliseconds(to * 3_600_000).toString(),
      aggregationGranularity: 'Hourly',
    });
    const path = `/subscriptions/${account}/providers/Microsoft.Commerce/UsageAggregates`;
    return (await accounts.ask(`${path}?${range.toString()}`)).status;
  };

  it('are those with a mapping to it, in force or planned, and none whose mapping ended', async () => {
    assert.deepEqual(await expectedOf(customer), []);
    await accounts.map(number, newTenant(), customer);
    assert.deepEqual(await expectedOf(customer), [number]);
    await setSpan('2027-01-01', '2027-02-01');
    assert.deepEqual(await expectedOf(customer), [number]);
    await setSpan('2027-01-01', '2027-01-01');
    assert.deepEqual(await expectedOf(customer), [], 'taken back before it began');
    await setSpan('2026-01-01', START.toString());
    assert.deepEqual(await expectedOf(customer), []);
    assert.equal(await asked(customer, MIDNIGHT + 9), 200);
    assert.deepEqual(await expectedOf(base), [number]);
  });

  it('are those that have rows of it in the window that comes next, until that is accepted', async () => {
    await accounts.map(number, newTenant(), customer);
    const meter = await accounts.addMeter('VM');
    const one = { account: customer, registration: number, meter, quantity: '1' };
    await accounts.report([{ ...one, hour: NEXT }]);
    await setSpan('2026-01-01', START.toString());
    assert.deepEqual(await expectedOf(customer), [number]);
    assert.deepEqual(
      [await asked(customer, NEXT), await asked(customer, NEXT + 1)],
      [200, 202],
      'what was received is not lost to a final answer',
    );
    await query(
      `with accepted as (update reporting_period set next_window = $2::int + 1
                         where registration_number = $1 returning 1)
       insert into received_window select $1, $2, 1, 1, '', '', '', now() from accepted`,
      [number, NEXT],
    );
    assert.equal(await asked(customer, MIDNIGHT + 9), 200);
  });

  it('are those under it now, and none that was moved away', async () => {
    await query('update registration set subscription_id = $2 where registration_number = $1', [
      number,
      customer,
    ]);
    assert.deepEqual(await expectedOf(base), []);
    // As registering under it does.
    await query('insert into registration_base values ($1, $2)', [number, customer]);
    assert.deepEqual(await expectedOf(customer), [number]);
    const booking = await readBooking(accounts.test.database.pool, base, START);
    assert.deepEqual([...booking.registrations.keys()], [number], 'its rows are still there');
  });

  it('are all of the partner by a mapping that is shared, where mappings apply', async () => {
    const second = await accounts.addAccount({ partnerId, approved: true });
    const other = await accounts.addRegistration(second, { from: MIDNIGHT, next: NEXT });
    await accounts.map(number, newTenant(), customer, partnerId);
    assert.deepEqual(await expectedOf(customer), [number, other]);
    const approve =
      'update commerce_subscription set multitenancy_approved = $2 where subscription_id = $1';
    await query(approve, [second, false]);
    assert.deepEqual(await expectedOf(customer), [number]);
    await query(approve, [second, true]);
    const model = 'update registration set billing_model = $2 where registration_number = $1';
    await query(model, [other, 'Development']);
    assert.deepEqual(await expectedOf(customer), [number]);
    await query(model, [number, 'Development']);
    assert.deepEqual(await expectedOf(customer), []);
    assert.deepEqual(await expectedOf(base), [number], 'its own subscription pays');
  });

  it('are those that were reset or have ended by their date, and none that is off or removed', async () => {
    await query(`update registration set state = 'Reset' where registration_number = $1`, [number]);
    assert.deepEqual(await expectedOf(base), [number]);
    await query(
      `update registration set state = 'Active', expires_at = '2026-01-01' where registration_number = $1`,
      [number],
    );
    assert.deepEqual(await expectedOf(base), [number]);
    await query(
      `update registration set state = 'Removed', removed_at = now() where registration_number = $1`,
      [number],
    );
    assert.deepEqual(await expectedOf(base), []);
    await query(
      `update registration set state = 'Active', removed_at = null where registration_number = $1`,
      [number],
    );
    await query(
      `update reporting_period set ended_at = now(), end_reason = 'ReportingOff' where registration_number = $1`,
      [number],
    );
    assert.deepEqual(await expectedOf(base), []);
  });

  it('are found in as many statements, however many they are', async () => {
    const { pool } = accounts.test.database;
    let statements = 0;
    const counting = new Proxy<Queryable>(pool, {
      get: (target, name) => {
        if (name === 'query') statements += 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await readBooking(counting, base, START);
    const withOne = statements;
    for (let more = 0; more < 5; more++) {
      await accounts.addRegistration(base, { from: MIDNIGHT, next: NEXT });
    }
    statements = 0;
    const { registrations, expected } = await readBooking(counting, base, START);
    assert.deepEqual([registrations.size, expected.length, statements], [6, 6, withOne]);
  });
});
