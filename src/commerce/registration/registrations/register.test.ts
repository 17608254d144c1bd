import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { verifyAudit } from '../../../audit/index.ts';
import {
  disablePrincipal,
  listClientCredentials,
  removePrincipal,
} from '../../../identity/index.ts';
import { hourNumber, hourOf, type SubscriptionId } from '../../../kernel/index.ts';
import { newStampKey, type RegistrationToken, type SigningKey } from '../../../reporting/index.ts';
import { newId, START, withTestCommerce } from '../test-commerce.ts';
import { changeCommerceSubscription } from '../subscriptions/change.ts';
import { expireRegistration, removeRegistration } from './change.ts';
import { stampKeyOf } from './credentials.ts';
import { advanceWindow, listReportingPeriods, lockOpenPeriod } from './periods.ts';
import type { Registered } from './register.ts';
import type { MoveTarget } from './move.ts';
import { resourceIdOf, statusOf, type RegistrationPlace } from './registration.ts';
import { findRegistration, findRegistrationByName, listRegistrations } from './store.ts';

const HOUR = hourOf(START);

describe('registering a stamp', () => {
  const commerce = withTestCommerce();
  const { register, changing } = commerce;
  const placeIn = (subscriptionId: SubscriptionId, name = 'stamp'): RegistrationPlace => ({
    subscriptionId,
    resourceGroup: 'azurestack',
    name,
  });
  const newPlace = async (): Promise<RegistrationPlace> =>
    placeIn(await commerce.addSubscription());
  const registerWith = async (
    place: RegistrationPlace,
    changes: Partial<RegistrationToken>,
    key: SigningKey,
  ): Promise<Registered> => register(place, changes, { key });
  const periodsOf = async ({ registration }: Registered): Promise<unknown[]> =>
    (await listReportingPeriods(commerce.test.database.pool, registration.number)).map(
      ({ fromWindow, nextWindow, endReason }) => [fromWindow - HOUR, nextWindow - HOUR, endReason],
    );
  const accept = ({ registration: { number } }: Registered, windows: number): Promise<void> =>
    commerce.test.database.transaction(async (tx) => {
      for (let count = 0; count < windows; count += 1) {
        const open = await lockOpenPeriod(tx, number);
        await advanceWindow(tx, number, open!.nextWindow);
      }
    });

  it('makes it known with what its token states', async () => {
    const place = await newPlace();
    const key = newStampKey();
    const cloudId = randomUUID();
    const made = await registerWith(
      place,
      { cloudId, agreementNumber: 'a1', assetTag: 't1', billingModel: 'Custom' },
      key,
    );
    const { registration } = made;
    assert.equal(made.created, true);
    assert.equal(made.warning, undefined);
    assert.deepEqual(
      [registration.cloudId, registration.billingModel, registration.usageReporting],
      [cloudId, 'Custom', true],
    );
    assert.deepEqual([registration.agreementNumber, registration.assetTag], ['a1', 't1']);
    assert.equal(
      resourceIdOf(registration),
      `/subscriptions/${place.subscriptionId}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/stamp`,
    );
    const { pool } = commerce.test.database;
    assert.deepEqual(await findRegistration(pool, registration.registrationId), registration);
    assert.equal(await findRegistration(pool, 'no id'), undefined);
    const upper = { ...place, resourceGroup: 'AzureStack', name: 'STAMP' };
    assert.deepEqual(await findRegistrationByName(pool, upper), registration);
    assert.deepEqual(await periodsOf(made), [[0, 0, undefined]]);
    const [credential] = await listClientCredentials(pool, registration.principalId);
    assert.equal(credential?.thumbprint, stampKeyOf(key).thumbprint);
  });

  it('again changes what the new token states and keeps the rest', async () => {
    const place = await newPlace();
    const key = newStampKey();
    const first = await registerWith(place, {}, key);
    const { cloudId, registrationId, principalId } = first.registration;
    await accept(first, 3);
    commerce.clock.advance(1000);
    const again = await registerWith(place, { cloudId, fromWindow: hourNumber(HOUR + 9) }, key);
    assert.equal(again.created, false);
    assert.equal(again.registration.registrationId, registrationId);
    assert.equal(again.registration.principalId, principalId);
    assert.notEqual(again.registration.etag, first.registration.etag);
    assert.deepEqual(await periodsOf(again), [[0, 3, undefined]]);
    const other = await registerWith(
      { ...place, name: 'STAMP', resourceGroup: 'AZURESTACK' },
      { cloudId, billingModel: 'Development' },
      newStampKey(),
    );
    assert.deepEqual([other.registration.name, other.created], ['stamp', false]);
    assert.equal(other.registration.billingModel, 'Development');
    const { pool } = commerce.test.database;
    assert.equal((await listClientCredentials(pool, principalId)).length, 1);
    assert.equal((await verifyAudit(pool)).intact, true);
  });

  it('begins and ends periods, and takes no window twice', async () => {
    const place = await newPlace();
    const made = await register(place);
    const { cloudId } = made.registration;
    const put = (changes: Partial<RegistrationToken>): Promise<Registered> =>
      register(place, { cloudId, ...changes });
    await accept(made, 5);
    const off = await put({ usageReporting: false });
    assert.match(off.warning ?? '', /not reported/);
    await put({ usageReporting: false });
    assert.deepEqual(await periodsOf(made), [[0, 5, 'ReportingOff']]);
    await put({ usageReporting: true });
    assert.deepEqual(await periodsOf(made), [
      [0, 5, 'ReportingOff'],
      [5, 5, undefined],
    ]);
    await put({ usageReporting: false });
    await put({});
    assert.deepEqual(await periodsOf(made), [
      [0, 5, 'ReportingOff'],
      [5, 5, undefined],
    ]);
    await put({ usageReporting: false });
    await put({ fromWindow: hourNumber(HOUR + 8) });
    assert.deepEqual(await periodsOf(made), [
      [0, 5, 'ReportingOff'],
      [5, 5, 'ReportingOff'],
      [8, 8, undefined],
    ]);
    await assert.rejects(
      accept({ ...made, registration: { ...made.registration, number: -1 } }, 1),
    );
  });

  it('keeps reporting off under Capacity and says so', async () => {
    const place = await newPlace();
    const capacity = { billingModel: 'Capacity', agreementNumber: 'a1' } as const;
    const asked = await register(place, capacity);
    assert.equal(asked.registration.usageReporting, false);
    assert.match(asked.warning ?? '', /stays off/);
    assert.deepEqual(await periodsOf(asked), []);
    const quiet = await register(place, {
      ...capacity,
      cloudId: asked.registration.cloudId,
      usageReporting: false,
    });
    assert.equal(quiet.warning, undefined);
  });

  it('needs what the billing model needs', async () => {
    const place = await newPlace();
    await assert.rejects(register(place, { billingModel: 'Capacity' }), {
      code: 'MissingAgreementNumber',
    });
    await assert.rejects(register(place, { billingModel: 'Custom' }), {
      code: 'MissingMsAssetTag',
    });
    const far = hourNumber(HOUR + 25);
    await assert.rejects(register(place, { fromWindow: far }), {
      code: 'InvalidRegistrationToken',
      message: /24 hours from now/,
    });
    const small = placeIn(
      await commerce.addSubscription({
        kind: 'MSDN',
        partnerId: undefined,
        multitenancyApproved: false,
      }),
    );
    await assert.rejects(register(small), { code: 'BillingModelNotAllowed' });
    assert.equal((await register(small, { billingModel: 'Development' })).created, true);
    await assert.rejects(register({ ...place, name: 'a/b' }), { code: 'InvalidProperty' });
    await assert.rejects(register({ ...place, resourceGroup: '' }), { code: 'InvalidProperty' });
    const unknown = { ...place, subscriptionId: newId() };
    await assert.rejects(register(unknown), { code: 'SubscriptionNotFound' });
    await commerce.test.database.transaction((tx) =>
      changeCommerceSubscription(tx, place.subscriptionId, { state: 'Disabled' }, changing),
    );
    await assert.rejects(register(place), { code: 'Conflict' });
  });

  it('takes nobody else over, and tells of others those who may read there', async () => {
    const place = await newPlace();
    const { registration } = await register(place);
    const { cloudId } = registration;
    await assert.rejects(register(place), { code: 'CloudIdUpdateNotAllowed' });
    const otherGroup = { ...place, resourceGroup: 'other' };
    const otherName = { ...otherGroup, name: 'other' };
    const elsewhere = await newPlace();
    const asked: unknown[] = [];
    const reader = {
      mayRead: ({ subscriptionId, resourceGroup }: MoveTarget): boolean => {
        asked.push([subscriptionId, resourceGroup]);
        return true;
      },
    };
    const updated = { code: 'CloudIdUpdateNotAllowed', message: new RegExp(cloudId) };
    await assert.rejects(register(otherGroup, {}, reader), updated);
    const taken = { code: 'CloudIdAlreadyRegistered', message: /registrations\/stamp/ };
    for (const there of [otherGroup, otherName, elsewhere]) {
      await assert.rejects(register(there, { cloudId }, reader), taken);
    }
    assert.deepEqual(new Set(asked.map(String)), new Set([`${place.subscriptionId},azurestack`]));
    await assert.rejects(register({ ...place, name: 'other' }, { cloudId }), taken);
    const named = { code: 'Conflict', message: /has a registration stamp already\.$/ };
    for (const token of [{}, { cloudId }]) await assert.rejects(register(otherGroup, token), named);
    const hidden = { code: 'CloudIdAlreadyRegistered', message: /that is not yours to see/ };
    for (const there of [otherName, elsewhere]) {
      await assert.rejects(register(there, { cloudId }), hidden);
    }
    const precondition = { ifMatch: undefined, ifNoneMatch: '*' };
    await assert.rejects(register(otherGroup, {}, { precondition }), named);
  });

  it('after a removal makes another registration, which goes on where the last one stopped', async () => {
    const place = await newPlace();
    const first = await register(place);
    await accept(first, 4);
    const remove = (): Promise<boolean> =>
      commerce.test.database.transaction((tx) => removeRegistration(tx, place, changing));
    assert.equal(await remove(), true);
    assert.equal(await remove(), false);
    assert.deepEqual(await periodsOf(first), [[0, 4, 'Removed']]);
    const second = await register(place, { cloudId: first.registration.cloudId });
    assert.equal(second.created, true);
    assert.notEqual(second.registration.registrationId, first.registration.registrationId);
    assert.notEqual(second.registration.principalId, first.registration.principalId);
    assert.deepEqual(await periodsOf(second), [[4, 4, undefined]]);
    const { pool } = commerce.test.database;
    const { subscriptionId } = place;
    assert.equal((await listRegistrations(pool, { subscriptionId })).length, 1);
    const all = await listRegistrations(pool, { subscriptionId, includeRemoved: true });
    assert.deepEqual(all.map(({ state }) => state).toSorted(), ['Active', 'Removed']);
    const gone = await findRegistration(pool, first.registration.registrationId);
    assert.equal(gone?.removedAt?.equals(commerce.clock.now()), true);
  });

  it('again lifts an end that has come, and none that lies ahead', async () => {
    const place = await newPlace();
    const { registration } = await register(place);
    const { cloudId } = registration;
    const expire = (expiresAt: typeof START | undefined) =>
      commerce.test.database.transaction((tx) =>
        expireRegistration(tx, place, expiresAt, changing),
      );
    const over = await expire(START);
    assert.equal(statusOf(over, START), 'Expired');
    const again = await register(place, { cloudId });
    assert.equal(statusOf(again.registration, START), 'Registered');
    assert.deepEqual(await periodsOf(again), [[0, 0, undefined]]);
    const later = START.add({ hours: 24 });
    await expire(later);
    assert.equal((await register(place, { cloudId })).registration.expiresAt?.equals(later), true);
    assert.equal((await expire(undefined)).expiresAt, undefined);
  });

  it('gives the stamp a client again when that was removed, and no other when it is disabled', async () => {
    const place = await newPlace();
    const { registration } = await register(place);
    const { principalId, cloudId } = registration;
    const { database } = commerce.test;
    await database.transaction((tx) => removePrincipal(tx, principalId, changing));
    const again = await register(place, { cloudId });
    const renewed = again.registration.principalId;
    assert.notEqual(renewed, principalId);
    const stored = await findRegistration(database.pool, registration.registrationId);
    assert.equal(stored?.principalId, renewed);
    await database.transaction((tx) => disablePrincipal(tx, renewed, changing));
    await assert.rejects(register(place, { cloudId }), { code: 'Conflict' });
  });

  it('at the same time comes to one registration', async () => {
    const place = await newPlace();
    const cloudId = randomUUID();
    const others = await Promise.all(
      Array.from({ length: 8 }, async (_, number) => {
        const name = number % 2 === 0 ? 'stamp' : `stamp-${number}`;
        return register({ ...place, name }, { cloudId }).catch((error: unknown) =>
          error instanceof Error && 'code' in error ? error.code : error,
        );
      }),
    );
    const done = others.filter((one): one is Registered => typeof one === 'object');
    assert.equal(done.filter(({ created }) => created).length, 1);
    const refused = new Set(others.filter((one) => typeof one !== 'object'));
    assert.deepEqual([...refused], ['CloudIdAlreadyRegistered']);
  });
});
