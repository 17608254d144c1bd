import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Instant } from '../../../kernel/index.ts';
import type { Database } from '../../../platform/index.ts';
import { changeCommerceSubscription } from '../subscriptions/change.ts';
import { newTenant, withTestCommerce } from '../test-commerce.ts';
import { testMappings } from './test-mappings.ts';

/** Until somebody waits for a lock of the registration. */
async function untilWaiting({ pool }: Database): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (rowCount !== 0) return;
    await setTimeout(10);
  }
}

describe('mappings in force', () => {
  const commerce = withTestCommerce();
  const { newRegistration, newCustomer, put, remove, customerAt } = testMappings(commerce);
  const now = (): Instant => commerce.clock.now();

  it('apply while the registration that books may map customers', async () => {
    const partner = randomUUID();
    const [one, two] = [await newRegistration(partner), await newRegistration(partner)];
    const [own, shared] = [newTenant(), newTenant()];
    const a = await newCustomer(partner);
    const b = await newCustomer(partner);
    await put(one, a, own);
    await put(two, b, shared, { shared: true });
    const both = async (registration = one): Promise<unknown[]> => [
      await customerAt(registration, own),
      await customerAt(registration, shared),
    ];
    assert.deepEqual(await both(), [a, b]);
    assert.deepEqual(await both({ ...one, billingModel: 'Development' }), [undefined, undefined]);
    const approve = (multitenancyApproved: boolean): Promise<unknown> =>
      commerce.test.database.transaction((tx) =>
        changeCommerceSubscription(
          tx,
          one.subscriptionId,
          { multitenancyApproved },
          commerce.changing,
        ),
      );
    await approve(false);
    assert.deepEqual(await both(), [undefined, undefined]);
    assert.equal(await customerAt(two, shared), b);
    await approve(true);
    assert.deepEqual(await both(), [a, b]);
  });

  it('change after what is just being received, so that it is booked by what was there', async () => {
    const partner = randomUUID();
    const [one, two] = [await newRegistration(partner), await newRegistration(partner)];
    const tenantId = newTenant();
    const [a, b] = [await newCustomer(partner), await newCustomer(partner)];
    await put(one, a, tenantId, { shared: true });
    const { database } = commerce.test;
    const begin = now();
    for (const change of [() => put(one, b, tenantId, { shared: true }), () => remove(one, b)]) {
      const changed = await database.transaction(async (tx) => {
        // A batch that the other registration of the partner is receiving.
        await tx.query('select from registration where registration_number = $1 for key share', [
          two.number,
        ]);
        const waiting = change();
        await untilWaiting(database);
        commerce.clock.advance(60_000);
        return { waiting };
      });
      await changed.waiting;
    }
    const { rows } = await database.pool.query<{ to: Instant }>(
      'select effective_to as to from customer_mapping where tenant_id = $1 order by version',
      [tenantId],
    );
    const waited = rows.map(({ to }) => to.since(begin).total('seconds'));
    assert.deepEqual(waited, [60, 120]);
  });
});
