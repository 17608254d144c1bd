import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { listAudit } from '../../../audit/index.ts';
import type { Instant } from '../../../kernel/index.ts';
import { removeRegistration } from '../registrations/change.ts';
import { resourceIdOf, type Registration } from '../registrations/registration.ts';
import { registrationsBookingOn } from '../registrations/store.ts';
import { newTenant, withTestCommerce } from '../test-commerce.ts';
import { findCustomerMapping, listCustomerMappings } from './list.ts';
import { testMappings } from './test-mappings.ts';

describe('mappings of directories', () => {
  const commerce = withTestCommerce();
  const { newRegistration, newCustomer, put, remove, customerAt } = testMappings(commerce);
  const now = (): Instant => commerce.clock.now();
  const inHours = (hours: number): Instant => now().add({ hours });

  it('are one for each directory: a second replaces the first', async () => {
    const one = await newRegistration();
    const tenantId = newTenant();
    const [a, b] = [await newCustomer(), await newCustomer()];
    assert.equal((await put(one, a, tenantId)).version, 1);
    const before = now();
    commerce.clock.advance(1000);
    assert.equal((await put(one, b, tenantId)).version, 2);
    assert.deepEqual(
      [await customerAt(one, tenantId, before), await customerAt(one, tenantId)],
      [a, b],
    );
    const { pool } = commerce.test.database;
    assert.equal(await findCustomerMapping(pool, one, a, now()), undefined);
    assert.deepEqual(
      (await listCustomerMappings(pool, one, now())).map((each) => each.customerSubscriptionId),
      [b],
    );
    const [, last] = await listAudit(pool, {
      after: 0n,
      limit: 9,
      target: `${resourceIdOf(one)}/customerSubscriptions/${b}`,
    });
    assert.equal(last, undefined);
  });

  it('are one for each customer: another directory takes it along', async () => {
    const one = await newRegistration();
    const [first, second] = [newTenant(), newTenant()];
    const a = await newCustomer();
    await put(one, a, first);
    commerce.clock.advance(1000);
    const changed = await put(one, a, second);
    assert.deepEqual([changed.tenantId, changed.version], [second, 1]);
    assert.equal(await customerAt(one, first), undefined);
    assert.equal(await customerAt(one, second), a);
  });

  it('stay as they are when nothing changes', async () => {
    const one = await newRegistration();
    const tenantId = newTenant();
    const a = await newCustomer();
    const made = await put(one, a, tenantId);
    commerce.clock.advance(1000);
    assert.deepEqual(await put(one, a, tenantId), made);
    assert.deepEqual(await put(one, a, tenantId, { effectiveFrom: inHours(5) }), made);
    assert.equal((await put(one, a, tenantId, { shared: true })).version, 2);
    const target = `${resourceIdOf(one)}/customerSubscriptions/${a}`;
    const told = await listAudit(commerce.test.database.pool, { after: 0n, limit: 9, target });
    assert.equal(told.length, 2);
    assert.match(told[1]!.detail, /"before":\{.*"shared":false.*"after":\{.*"shared":true/);
  });

  it('may begin later, and leave what is in force until then', async () => {
    const one = await newRegistration();
    const tenantId = newTenant();
    const [a, b] = [await newCustomer(), await newCustomer()];
    await assert.rejects(put(one, a, tenantId, { effectiveFrom: inHours(-1) }), {
      code: 'InvalidProperty',
      message: /booked already/,
    });
    await put(one, a, tenantId, { effectiveFrom: now() });
    const from = inHours(10);
    const planned = await put(one, b, tenantId, { effectiveFrom: from });
    assert.equal(planned.effectiveFrom.equals(from), true);
    assert.deepEqual(await put(one, b, tenantId, { effectiveFrom: from }), planned);
    assert.equal(await customerAt(one, tenantId), a);
    assert.equal(await customerAt(one, tenantId, from.subtract({ nanoseconds: 1000 })), a);
    assert.equal(await customerAt(one, tenantId, from), b);
    const { pool } = commerce.test.database;
    const ending = await findCustomerMapping(pool, one, a, now());
    assert.equal(ending?.effectiveTo?.equals(from), true);
    const sooner = inHours(5);
    await put(one, b, tenantId, { effectiveFrom: sooner });
    assert.equal(await customerAt(one, tenantId, sooner), b);
    assert.equal(await customerAt(one, tenantId, sooner.subtract({ hours: 1 })), a);
    await put(one, a, tenantId);
    assert.equal(await customerAt(one, tenantId, inHours(100)), a);
    assert.equal(await findCustomerMapping(pool, one, b, now()), undefined);
  });

  it('of one customer show what was put last, and what applies until then', async () => {
    const one = await newRegistration();
    const [first, second] = [newTenant(), newTenant()];
    const a = await newCustomer();
    const present = await put(one, a, first);
    const planned = await put(one, a, second, { effectiveFrom: inHours(2) });
    assert.equal(planned.tenantId, second);
    assert.deepEqual(
      [planned.present?.tenantId, planned.present?.mapping],
      [first, present.mapping],
    );
    await put(one, a, first);
    assert.equal(await customerAt(one, first, inHours(3)), a);
    assert.equal(await customerAt(one, second, inHours(3)), undefined);
  });

  it('end when they are removed; usage then goes to the base', async () => {
    const one = await newRegistration();
    const tenantId = newTenant();
    const a = await newCustomer();
    await put(one, a, tenantId);
    const before = now();
    commerce.clock.advance(1000);
    assert.equal(await remove(one, a), true);
    assert.equal(await remove(one, a), false);
    assert.equal(await customerAt(one, tenantId), undefined);
    assert.equal(await customerAt(one, tenantId, before), a);
    assert.equal((await put(one, a, tenantId)).version, 2);
  });

  it('that were planned are taken back, and what they would have replaced goes on', async () => {
    const one = await newRegistration();
    const [tenantId, other] = [newTenant(), newTenant()];
    const [a, b] = [await newCustomer(), await newCustomer()];
    await put(one, a, tenantId);
    await put(one, b, other);
    await put(one, b, tenantId, { effectiveFrom: inHours(2) });
    commerce.clock.advance(1000);
    assert.equal(await remove(one, b), true);
    assert.equal(await customerAt(one, tenantId, inHours(9)), a);
    assert.equal(await customerAt(one, other), undefined);
    // Planned for both: who takes back the one leaves the other planned.
    await put(one, b, other);
    await put(one, b, tenantId, { effectiveFrom: inHours(2) });
    await put(one, a, other, { effectiveFrom: inHours(4) });
    assert.equal(await customerAt(one, tenantId, inHours(3)), b);
    assert.equal(await customerAt(one, other, inHours(5)), a);
    assert.equal(await remove(one, b), true);
    assert.equal(await customerAt(one, other, inHours(5)), a);
  });

  it('are shared by the registrations of a partner, each its own first', async () => {
    const [one, two, foreign] = [
      await newRegistration(),
      await newRegistration(),
      await newRegistration('other'),
    ];
    const tenantId = newTenant();
    const [a, b, c] = [await newCustomer(), await newCustomer(), await newCustomer()];
    assert.equal((await put(one, a, tenantId, { shared: true })).shared, true);
    assert.equal(await customerAt(two, tenantId), a);
    assert.equal(await customerAt(foreign, tenantId), undefined);
    await put(two, b, tenantId);
    assert.deepEqual([await customerAt(one, tenantId), await customerAt(two, tenantId)], [a, b]);
    const three = await newRegistration();
    commerce.clock.advance(1000);
    await put(two, c, tenantId, { shared: true });
    assert.equal(await customerAt(three, tenantId), c);
    assert.equal(await customerAt(one, tenantId), a);
    const booking = await registrationsBookingOn(commerce.test.database.pool, a);
    const numbers = booking.map(({ number }) => number);
    assert.ok([one, two, three].every(({ number }) => numbers.includes(number)));
    assert.equal(numbers.includes(foreign.number), false);
  });

  it('end with their registration, when no other uses them', async () => {
    const partner = randomUUID();
    const [one, two] = [await newRegistration(partner), await newRegistration(partner)];
    const [tenantId, later] = [newTenant(), newTenant()];
    const [a, b] = [await newCustomer(partner), await newCustomer(partner)];
    await put(one, a, tenantId, { shared: true });
    await put(one, b, later, { effectiveFrom: inHours(1), shared: true });
    assert.equal(await customerAt(two, tenantId), a);
    const removeIt = (registration: Registration): Promise<boolean> =>
      commerce.test.database.transaction((tx) =>
        removeRegistration(tx, registration, commerce.changing),
      );
    const used = (directory: string): object => ({
      code: 'Conflict',
      message: new RegExp(`${directory} .* on another registration first`),
    });
    commerce.clock.advance(1000);
    await put(two, a, tenantId);
    await assert.rejects(removeIt(one), used(later));
    await put(two, b, later, { effectiveFrom: inHours(2) });
    await assert.rejects(removeIt(one), used(later));
    await put(two, b, later);
    const three = await newRegistration(partner);
    await assert.rejects(removeIt(one), used(''));
    await removeIt(three);
    commerce.clock.advance(1000);
    await removeIt(one);
    assert.equal(await customerAt(one, tenantId), undefined);
    assert.equal(await customerAt(two, tenantId), a);
    assert.equal(await customerAt(one, later, inHours(2)), undefined);
    const booking = await registrationsBookingOn(commerce.test.database.pool, a);
    assert.ok(booking.some(({ state }) => state === 'Removed'));
    await assert.rejects(put(one, a, tenantId), { code: 'RegistrationNotFound' });
    await removeIt(two);
  });

  it('stay as they are when they are put as they were read, though they have begun', async () => {
    const one = await newRegistration();
    const tenantId = newTenant();
    const [a, b] = [await newCustomer(), await newCustomer()];
    const effectiveFrom = inHours(1);
    const planned = await put(one, a, tenantId, { effectiveFrom });
    commerce.clock.advance(7_200_000);
    const { version, etag } = await put(one, a, tenantId, { effectiveFrom });
    assert.deepEqual([version, etag], [planned.version, planned.etag]);
    await assert.rejects(put(one, a, tenantId, { effectiveFrom, shared: true }), {
      code: 'InvalidProperty',
    });
    const next = inHours(5);
    await put(one, b, tenantId, { effectiveFrom: next });
    const ending = await put(one, a, tenantId, { effectiveFrom });
    assert.equal(ending.effectiveTo?.equals(next), true);
    assert.equal(await customerAt(one, tenantId, next), b);
  });

  it('are of the home directory of the customer where that is known', async () => {
    const one = await newRegistration();
    const tenantId = newTenant();
    const customer = await commerce.addSubscription({ tenantId });
    await assert.rejects(put(one, customer, newTenant()), {
      code: 'InvalidProperty',
      message: new RegExp(`of tenantId is not valid: .* is ${tenantId}`),
    });
    assert.equal((await put(one, customer, tenantId)).tenantId, tenantId);
  });

  it('at the same time leave one in force', async () => {
    const one = await newRegistration();
    const tenantId = newTenant();
    const customers = await Promise.all([1, 2, 3, 4, 5].map(() => newCustomer()));
    const made = await Promise.all(customers.map((id) => put(one, id, tenantId)));
    assert.deepEqual(new Set(made.map(({ version }) => version)), new Set([1, 2, 3, 4, 5]));
    const last = made.find(({ version }) => version === 5);
    assert.equal(await customerAt(one, tenantId), last?.customerSubscriptionId);
  });
});
