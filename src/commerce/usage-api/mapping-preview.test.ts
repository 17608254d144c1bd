import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { isJsonObject, type SubscriptionId } from '../../kernel/index.ts';
import { findRegistration } from '../registration/index.ts';
import { previewMapping } from './mapping-preview.ts';
import { grantOf, MIDNIGHT, newId, newTenant, START, withTestAccounts } from './test-accounts.ts';

describe('the preview of a mapping', () => {
  const accounts = withTestAccounts();
  const tenant = newTenant();
  let base: SubscriptionId;
  let second: SubscriptionId;
  let third: SubscriptionId;
  let old: SubscriptionId;
  let wanted: SubscriptionId;
  let name: string;
  let registrationId: string;
  const path = (more = '', customer: string = wanted, registration = name): string =>
    `/subscriptions/${base}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/${registration}/customerSubscriptions/${customer}/preview?api-version=2017-06-01${more}`;
  const registrationsOf = (body: Readonly<Record<string, unknown>>) => {
    const { registrations } = body;
    return Array.isArray(registrations) ? registrations.filter((one) => isJsonObject(one)) : [];
  };

  before(async () => {
    base = await accounts.addAccount({ partnerId: 'p', approved: true });
    second = await accounts.addAccount({ partnerId: 'p', approved: true });
    third = await accounts.addAccount({ partnerId: 'p', approved: true });
    old = await accounts.addAccount({ partnerId: 'p' });
    wanted = await accounts.addAccount({ partnerId: 'p', tenantId: tenant });
    const windows = { from: 0, next: MIDNIGHT + 9 };
    const number = await accounts.addRegistration(base, windows);
    await accounts.addRegistration(second, windows);
    const withOwn = await accounts.addRegistration(third, windows);
    await accounts.addRegistration(await accounts.addAccount({ partnerId: 'q' }), windows);
    await accounts.map(withOwn, tenant, old);
    const { rows } = await accounts.test.database.pool.query<{ name: string; id: string }>(
      'select name, registration_id as id from registration where registration_number = $1',
      [number],
    );
    name = rows[0]!.name;
    registrationId = rows[0]!.id;
    const meter = await accounts.addMeter('VM');
    const renamed = await accounts.addMeter('VM', { name: 'VM Hours' });
    const one = { registration: number, meter, tenantId: tenant, quantity: '0.1' };
    await accounts.report([
      { ...one, account: base, hour: MIDNIGHT - 1 },
      { ...one, account: base, hour: MIDNIGHT, meter: renamed, quantity: '0.2' },
      { ...one, account: old, hour: MIDNIGHT - 30 },
      { ...one, account: base, hour: MIDNIGHT, tenantId: newTenant(), name: 'of another' },
      { ...one, account: base, hour: MIDNIGHT - 24 * 40, name: 'long ago' },
      { ...one, account: base, hour: MIDNIGHT + 9, name: 'not accepted' },
    ]);
  });

  it('shows what came lately, where it is booked, and where it would go', async () => {
    const { status, body, text } = await accounts.ask(path());
    assert.equal(status, 200, text);
    const { registrations, ...head } = body;
    assert.deepEqual(head, {
      tenantId: tenant,
      customerSubscriptionId: wanted,
      shared: false,
      reportedFrom: '2026-10-25T00:00:00+00:00',
      reportedTo: '2026-11-23T11:00:00+00:00',
      hiddenRegistrations: 0,
    });
    const usage = { meterId: 'VM', meterName: 'VM Hours', unit: '1 Hour' };
    const booked = [
      { subscriptionId: base, ...usage, rows: 2, quantity: 0.3 },
      { subscriptionId: old, ...usage, rows: 1, quantity: 0.1 },
    ].toSorted((a, b) => (a.subscriptionId < b.subscriptionId ? -1 : 1));
    assert.deepEqual(registrations, [
      {
        id: `/subscriptions/${base}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/${name}`,
        registrationId,
        presentSubscriptionId: base,
        futureSubscriptionId: wanted,
        changes: true,
        usage: booked,
      },
    ]);
    assert.match(text, /"quantity":0\.3}/);
  });

  it('looks back as many days as are asked for', async () => {
    const one = registrationsOf((await accounts.ask(path('&days=1'))).body)[0];
    assert.partialDeepStrictEqual(one, { usage: [{ subscriptionId: base, rows: 1 }] });
    for (const days of ['0', '367', 'x']) {
      assert.equal((await accounts.ask(path(`&days=${days}`))).code, 'InvalidProperty');
    }
  });

  it('of one that the partner shares leaves registrations with a mapping of their own', async () => {
    const { body } = await accounts.ask(path('&shared=true'));
    const changes = registrationsOf(body).map((one) => [
      one['presentSubscriptionId'],
      one['futureSubscriptionId'],
    ]);
    assert.deepEqual(changes[0], [base, wanted]);
    assert.deepEqual(
      new Set(changes.map(String)),
      new Set(
        [
          [base, wanted],
          [second, wanted],
          [old, old],
        ].map(String),
      ),
    );
    const own = await accounts.ask(path('&shared=true'), grantOf('Reader', base));
    assert.equal(own.body['hiddenRegistrations'], 2);
    assert.equal(registrationsOf(own.body).length, 1);
  });

  it('is of the directory that is named', async () => {
    const other = newTenant();
    const { body } = await accounts.ask(path(`&tenantId=${other}`));
    assert.equal(body['tenantId'], other);
    assert.deepEqual(registrationsOf(body)[0]?.['usage'], []);
    assert.equal((await accounts.ask(path('&tenantId=x'))).code, 'InvalidProperty');
    assert.equal((await accounts.ask(path('', old))).code, 'InvalidProperty');
  });

  it('names what is not there, to whom may know', async () => {
    assert.equal((await accounts.ask(path('', newId()))).code, 'InvalidCustomerSubscriptionId');
    const noGuid = await accounts.ask(path(`&tenantId=${tenant}`, 'x'));
    assert.equal(noGuid.code, 'InvalidCustomerSubscriptionId');
    const unknown = await accounts.ask(path(`&tenantId=${tenant}`, newId()));
    assert.equal(unknown.code, 'InvalidCustomerSubscriptionId');
    assert.equal((await accounts.ask(path('', wanted, 'none'))).code, 'RegistrationNotFound');
    for (const registration of [name, 'none']) {
      const stranger = await accounts.ask(path('', wanted, registration), grantOf('Owner', wanted));
      assert.deepEqual([stranger.status, stranger.code], [403, 'AuthorizationFailed']);
    }
  });

  it('does not tell the directory of a customer of somebody else', async () => {
    const directory = newTenant();
    const others = await accounts.addAccount({ partnerId: 'q', tenantId: directory });
    const nobodys = await accounts.addAccount({ tenantId: directory });
    for (const customer of [others, nobodys]) {
      const { code, text } = await accounts.ask(path('', customer), grantOf('Owner', base));
      assert.equal(code, 'BadCustomerSubscriptionId');
      assert.ok(!text.includes(directory));
      const named = await accounts.ask(path(`&tenantId=${tenant}`, customer));
      assert.equal(named.code, 'BadCustomerSubscriptionId');
    }
  });

  it('changes nothing, for commands too', async () => {
    const { pool } = accounts.test.database;
    const registration = await findRegistration(pool, registrationId);
    assert.ok(registration);
    const question = {
      registration,
      tenantId: tenant,
      customerSubscriptionId: wanted,
      shared: false,
      days: 30,
    };
    const mappings = await pool.query('select * from customer_mapping');
    const preview = await previewMapping(accounts.test.database, question, START);
    assert.deepEqual([preview.toHour, preview.registrations.length], [MIDNIGHT + 11, 1]);
    assert.deepEqual((await pool.query('select * from customer_mapping')).rows, mappings.rows);
  });

  it('is read in one snapshot', async () => {
    const registration = (await findRegistration(accounts.test.database.pool, registrationId))!;
    const question = { registration, tenantId: tenant, customerSubscriptionId: wanted };
    const begun: unknown[] = [];
    const { database } = accounts.test;
    const transaction: typeof database.transaction = (work, options) => {
      begun.push(options);
      return database.transaction(work, options);
    };
    await previewMapping({ transaction }, { ...question, shared: true, days: 30 }, START);
    assert.deepEqual(begun, [{ readOnly: true, retry: true, isolation: 'repeatable read' }]);
  });

  it('shows no change where mappings do not apply', async () => {
    const { pool } = accounts.test.database;
    const setModel = (model: string) =>
      pool.query('update registration set billing_model = $2 where registration_id = $1', [
        registrationId,
        model,
      ]);
    await setModel('Development');
    try {
      const [one] = registrationsOf((await accounts.ask(path())).body);
      assert.partialDeepStrictEqual(one, { futureSubscriptionId: base, changes: false });
    } finally {
      await setModel('PayAsYouUse');
    }
  });
});
