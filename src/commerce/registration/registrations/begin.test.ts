import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { listAudit } from '../../../audit/index.ts';
import { listClientCredentials } from '../../../identity/index.ts';
import { hourNumber, hourOf } from '../../../kernel/index.ts';
import { newStampKey, type RegistrationToken } from '../../../reporting/index.ts';
import { START, withTestCommerce, type RegisterOptions } from '../test-commerce.ts';
import { expireRegistration, removeRegistration } from './change.ts';
import { stampKeyOf } from './credentials.ts';
import { advanceWindow, listReportingPeriods, lockOpenPeriod } from './periods.ts';
import type { Registered } from './register.ts';
import { resourceIdOf, statusOf, type RegistrationPlace } from './registration.ts';
import { findRegistration, noteTokenOf } from './store.ts';

const HOUR = hourOf(START);

describe('the token in force', () => {
  const commerce = withTestCommerce();
  const { register, clock } = commerce;
  const newPlace = async (): Promise<RegistrationPlace> => ({
    subscriptionId: await commerce.addSubscription(),
    resourceGroup: 'azurestack',
    name: 'stamp',
  });
  const keysOf = async ({ registration }: Registered): Promise<(string | undefined)[]> =>
    (await listClientCredentials(commerce.test.database.pool, registration.principalId)).map(
      ({ thumbprint }) => thumbprint,
    );

  it('is followed by newer ones only', async () => {
    const place = await newPlace();
    const [oldKey, newKey] = [newStampKey(), newStampKey()];
    const cloudId = randomUUID();
    const old = await commerce.checked({ cloudId, billingModel: 'Development' }, oldKey);
    await register(place, { cloudId, billingModel: 'Development' }, { key: oldKey });
    clock.advance(60_000);
    const made = await register(place, { cloudId }, { key: newKey });
    assert.deepEqual(await keysOf(made), [
      stampKeyOf(await commerce.checked({}, newKey)).thumbprint,
    ]);
    clock.advance(-60_000);
    const older = { code: 'InvalidRegistrationToken', message: /older one than the one in force/ };
    await assert.rejects(
      register(place, { cloudId, billingModel: 'Development' }, { key: oldKey }),
      older,
    );
    clock.advance(60_000);
    const { number, registrationId } = made.registration;
    const found = await findRegistration(commerce.test.database.pool, registrationId);
    assert.deepEqual(found, made.registration);
    assert.equal((await keysOf(made)).length, 1);
    await assert.rejects(
      commerce.test.database.transaction((tx) => noteTokenOf(tx, number, old)),
      older,
    );
  });

  it('is that with which the stamp changed its key', async () => {
    const place = await newPlace();
    const made = await register(place);
    const { number, cloudId, registrationId } = made.registration;
    clock.advance(60_000);
    const rotated = await commerce.checked({ cloudId });
    for (const _ of [1, 2])
      await commerce.test.database.transaction((tx) => noteTokenOf(tx, number, rotated));
    clock.advance(-30_000);
    await assert.rejects(register(place, { cloudId }), { code: 'InvalidRegistrationToken' });
    clock.advance(60_000);
    await commerce.test.database.transaction((tx) =>
      expireRegistration(tx, made.registration, undefined, commerce.changing),
    );
    const found = await findRegistration(commerce.test.database.pool, registrationId);
    assert.equal(found?.tokenIssuedAt.equals(rotated.issuedAt), true);
    await register(place, { cloudId });
  });

  it('changes nothing when it is put again, unless there is something to lift', async () => {
    const place = await newPlace();
    const key = newStampKey();
    const token = { cloudId: randomUUID() };
    const made = await register(place, token, { key });
    const again = await register(place, token, { key });
    assert.deepEqual(again, { ...made, created: false });
    const target = resourceIdOf(place);
    assert.equal(
      (await listAudit(commerce.test.database.pool, { after: 0n, limit: 9, target })).length,
      1,
    );
    const over = await commerce.test.database.transaction((tx) =>
      expireRegistration(tx, place, clock.now(), commerce.changing),
    );
    assert.equal(statusOf(over, clock.now()), 'Expired');
    const lifted = await register(place, token, { key });
    assert.equal(statusOf(lifted.registration, clock.now()), 'Registered');
    const otherKey = await register(place, token);
    assert.notEqual(otherKey.registration.etag, lifted.registration.etag);
  });
});

describe('where reporting begins', () => {
  const commerce = withTestCommerce();
  const { clock } = commerce;
  const from = (hours: number): Partial<RegistrationToken> => ({
    fromWindow: hourNumber(HOUR + hours),
  });
  const newPlace = async (): Promise<RegistrationPlace> => ({
    subscriptionId: await commerce.addSubscription(),
    resourceGroup: 'azurestack',
    name: 'stamp',
  });
  const register = async (
    place: RegistrationPlace,
    changes: Partial<RegistrationToken>,
    options?: RegisterOptions,
  ): Promise<Registered> => commerce.register(place, changes, options);
  const remove = (place: RegistrationPlace): Promise<boolean> =>
    commerce.test.database.transaction((tx) => removeRegistration(tx, place, commerce.changing));
  const accept = ({ registration: { number } }: Registered, windows: number): Promise<void> =>
    commerce.test.database.transaction(async (tx) => {
      for (let count = 0; count < windows; count += 1) {
        await advanceWindow(tx, number, (await lockOpenPeriod(tx, number))!.nextWindow);
      }
    });
  const periodsOf = async ({ registration }: Registered): Promise<unknown[]> =>
    (await listReportingPeriods(commerce.test.database.pool, registration.number)).map(
      ({ fromWindow, nextWindow, endReason }) => [fromWindow - HOUR, nextWindow - HOUR, endReason],
    );

  it('is as the newest token says while nothing was accepted', async () => {
    const place = await newPlace();
    const made = await register(place, from(20));
    const { cloudId } = made.registration;
    const { number } = made.registration;
    await commerce.test.database.pool.query(
      `insert into reported_batch (registration_number, reported_hour, sequence, rows, digest, received_at)
       values ($1, $2, 1, 1, '', $3)`,
      [number, HOUR + 20, START.toString()],
    );
    const sooner = await register(place, { cloudId, ...from(-48) });
    assert.equal(sooner.warning, undefined);
    assert.deepEqual(await periodsOf(made), [[-48, -48, undefined]]);
    const { rowCount } = await commerce.test.database.pool.query(
      'select from reported_batch where registration_number = $1',
      [number],
    );
    assert.equal(rowCount, 0);
    const later = await register(place, { cloudId, ...from(-2) });
    assert.match(
      later.warning ?? '',
      /begins with the window 2026-02-28T22Z: .* 2026-02-27T00Z on/,
    );
    await register(place, { cloudId, usageReporting: false });
    await register(place, { cloudId, ...from(-9) });
    const back = await register(place, { cloudId, ...from(-2) });
    assert.deepEqual(await periodsOf(back), [[-2, -2, undefined]]);
    await accept(made, 3);
    const goesOn = await register(place, { cloudId, ...from(9) });
    assert.match(
      goesOn.warning ?? '',
      /goes on with the window 2026-03-01T01Z: .*T09Z is not heeded/,
    );
    assert.equal((await register(place, { cloudId, ...from(1) })).warning, undefined);
    assert.deepEqual(await periodsOf(made), [[-2, 1, undefined]]);
  });

  it('is not far ahead, whoever registered the stamp in between', async () => {
    const place = await newPlace();
    const first = await register(place, from(-5));
    const { cloudId } = first.registration;
    await accept(first, 3);
    await remove(place);
    const second = await register(place, { cloudId, ...from(24) });
    assert.deepEqual(await periodsOf(second), [[24, 24, undefined]]);
    await remove(place);
    // What was registered in between took nothing, so it does not count.
    const third = await register(place, { cloudId, ...from(-5) });
    assert.deepEqual(await periodsOf(third), [[0, 0, undefined]]);
    assert.match(
      third.warning ?? '',
      /begins with the window 2026-03-01T00Z and not with 2026-02-28T19Z/,
    );
  });

  it('is now or later once a period that took something has ended', async () => {
    const place = await newPlace();
    const made = await register(place, from(-30));
    const { cloudId } = made.registration;
    await accept(made, 5);
    await register(place, { cloudId, usageReporting: false });
    await register(place, { cloudId, ...from(-25) });
    assert.deepEqual(await periodsOf(made), [
      [-30, -25, 'ReportingOff'],
      [0, 0, undefined],
    ]);
    clock.advance(5 * 3_600_000);
    // Readers wait for it since it began: a token of then takes nothing away.
    await register(place, { cloudId, ...from(-25) });
    await register(place, { cloudId, ...from(0) });
    assert.deepEqual(await periodsOf(made), [
      [-30, -25, 'ReportingOff'],
      [0, 0, undefined],
    ]);
    clock.advance(-5 * 3_600_000);
  });

  it('of a stamp that was registered elsewhere is for those who were in charge, and for its key', async () => {
    const place = await newPlace();
    const key = newStampKey();
    const cloudId = randomUUID();
    await register(place, { cloudId }, { key });
    await remove(place);
    const elsewhere = await newPlace();
    await assert.rejects(register(elsewhere, { cloudId }), {
      code: 'CloudIdAlreadyRegistered',
      message: /that is not yours to see/,
    });
    const asked: unknown[] = [];
    const options: RegisterOptions = {
      mayWrite: ({ subscriptionId, resourceGroup }) => {
        asked.push([subscriptionId, resourceGroup]);
        return true;
      },
    };
    assert.equal((await register(elsewhere, { cloudId }, options)).created, true);
    assert.deepEqual(asked, [[place.subscriptionId, 'azurestack']]);
    await remove(elsewhere);
    assert.equal((await register(elsewhere, { cloudId }, { key })).created, true);
    await remove(elsewhere);
    assert.equal((await register(place, { cloudId }, { key })).created, true);
  });
});
