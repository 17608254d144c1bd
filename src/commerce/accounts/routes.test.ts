import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourOf } from '../../kernel/index.ts';
import { newAccountId } from './test-accounts.ts';
import { NOW, somebody, withTestAccounts, type Asked } from './test-app.ts';

const valuesOf = ({ body }: Asked): Readonly<Record<string, unknown>>[] => {
  const { value } = body;
  assert.ok(Array.isArray(value), JSON.stringify(body));
  return value;
};
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)]);

describe('billing accounts over HTTP', () => {
  const accounts = withTestAccounts();
  const { ask } = accounts;

  it('are made, changed and read back, with entity tags', async () => {
    const id = newAccountId();
    const body = {
      kind: 'partner',
      name: 'Partner',
      seriesPrefix: 'acme',
      country: 'fr',
      iban: 'fr76 3000 6000 0112 3456 7890 189',
      bic: 'agrifrpp',
      currency: 'eur',
      billingDay: 15,
      timeZone: 'europe/paris',
      lateUsage: 'note',
      email: 'billing@example.org',
      city: ' Lyon ',
    };
    const made = await ask('PUT', `/${id}`, { body });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.deepEqual(
      ['seriesPrefix', 'country', 'iban', 'bic', 'currency', 'timeZone', 'lateUsage', 'city'].map(
        (name) => made.body[name],
      ),
      [
        'ACME',
        'FR',
        'FR7630006000011234567890189',
        'AGRIFRPP',
        'EUR',
        'Europe/Paris',
        'Note',
        'Lyon',
      ],
    );
    assert.deepEqual((await ask('GET', `/${id}`)).body, made.body);
    const headers = { 'if-match': String(made.etag) };
    const patched = await ask('PATCH', `/${id}`, { body: { phone: '1', city: null }, headers });
    assert.deepEqual(
      [patched.status, patched.body['phone'], patched.body['city']],
      [200, '1', undefined],
    );
    assert.equal((await ask('PATCH', `/${id}`, { body: { phone: '2' }, headers })).status, 412);
    const create = { 'if-none-match': '*' };
    assert.equal((await ask('PUT', `/${id}`, { body, headers: create })).status, 412);
    assert.equal((await ask('PUT', `/${id}`, { body: { phone: '1' } })).status, 200);
  });

  it('refuse what cannot be, and name it', async () => {
    const { accountId } = await accounts.addCustomer();
    for (const [name, value] of [
      ['iban', 'FR7630006000011234567890188'],
      ['bic', 'SHORT'],
      ['country', 'ZZ'],
      ['country', 'France'],
      ['currency', 'XYZ1'],
      ['timeZone', 'Moon/Base'],
      ['billingDay', 29],
      ['billingDay', '1'],
      ['waitHours', -1],
      ['seriesPrefix', 'A-B'],
      ['email', 'nobody'],
      ['name', ' '],
      ['lateUsage', 'Never'],
      ['language', 'de'],
      ['parentId', 'x'],
      ['city', 'a'.repeat(201)],
    ] as const) {
      const answer = await ask('PATCH', `/${accountId}`, { body: { [name]: value } });
      assert.deepEqual([answer.status, answer.code], [400, 'InvalidProperty'], name);
      assert.match(JSON.stringify(answer.body), new RegExp(name));
    }
    assert.equal((await ask('PUT', '/none', { body: { name: 'x' } })).code, 'InvalidProperty');
    assert.equal((await ask('PATCH', `/${newAccountId()}`, { body: {} })).status, 404);
  });

  it('show each caller its own, and those below', async () => {
    const customer = await accounts.addCustomer();
    const other = await accounts.addCustomer();
    const seller = await accounts.addCustomer();
    await accounts.put({ accountId: seller.accountId, kind: 'partner', seriesPrefix: 'SELL' });
    await accounts.put({ accountId: customer.accountId, parentId: seller.accountId });
    const reader = somebody('Reader', customer.subscriptionId);
    const partner = somebody('BillingReader', seller.subscriptionId);
    const idsOf = async (as: typeof reader, query = '') =>
      new Set(valuesOf(await ask('GET', query, { as })).map((one) => one['accountId']));
    assert.deepEqual(await idsOf(reader), new Set([customer.accountId]));
    assert.deepEqual(await idsOf(partner), new Set([seller.accountId, customer.accountId]));
    assert.deepEqual(await idsOf(partner, '?kind=customer'), new Set([customer.accountId]));
    assert.deepEqual(
      await idsOf(partner, `?parent=${seller.accountId}`),
      new Set([customer.accountId]),
    );
    assert.deepEqual(await idsOf(somebody()), new Set());
    assert.ok((await idsOf(somebody('Operator'))).has(other.accountId));
    // By the id of the subscription as well.
    const found = await ask('GET', `/${customer.subscriptionId}`, { as: reader });
    assert.equal(found.body['accountId'], customer.accountId);
    const parts = ['', '/periods', '/terms', '/pricing', '/logo'];
    for (const id of [other.accountId, other.subscriptionId!, seller.accountId, newAccountId()]) {
      for (const part of parts) {
        const answer = await ask('GET', `/${id}${part}`, { as: reader });
        assert.deepEqual([answer.status, answer.code], [404, 'BillingAccountNotFound'], part);
        assert.ok(JSON.stringify(answer.body).includes(id));
      }
    }
    for (const as of [reader, somebody('Owner', customer.subscriptionId), partner]) {
      const answer = await ask('PATCH', `/${customer.accountId}`, { as, body: { city: 'x' } });
      assert.deepEqual([answer.status, answer.code], [403, 'AuthorizationFailed']);
      const made = await ask('PUT', `/${newAccountId()}`, { as, body: { kind: 'partner' } });
      // Who may not make any is not told which there are.
      assert.equal(made.code, 'BillingAccountNotFound');
    }
  });

  it('have a picture, if it is one', async () => {
    const { accountId } = await accounts.addCustomer();
    const path = `/${accountId}/logo`;
    const headers = { 'content-type': 'image/png' };
    assert.equal((await ask('GET', path)).status, 404);
    const large = Buffer.concat([PNG, Buffer.alloc(200_000)]);
    for (const bytes of [Buffer.from('<svg/>'), large]) {
      assert.equal((await ask('PUT', path, { bytes, headers })).code, 'InvalidProperty');
    }
    assert.equal((await ask('PUT', path, { bytes: PNG, headers })).status, 204);
    assert.deepEqual((await ask('GET', path)).raw, PNG);
    assert.equal((await ask('GET', `/${accountId}`)).body['hasLogo'], true);
    assert.equal((await ask('DELETE', path)).status, 204);
    assert.equal((await ask('GET', `/${accountId}`)).body['hasLogo'], false);
  });

  it('say at which prices they buy, and tell those who rate when the past changed', async () => {
    const { accountId } = await accounts.addCustomer();
    const path = `/${accountId}/pricing`;
    const set = (body: object) => ask('POST', path, { body });
    accounts.ratedUpTo = hourOf(NOW);
    const made = await set({ priceListId: 'sample' });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal(made.body['effectiveFrom'], '2026-11-23T12:00:00Z');
    const past = { priceListId: 'sample', effectiveFrom: '2026-11-01T00:00:00Z' };
    assert.equal((await set(past)).code, 'PriceInThePast');
    accounts.changes.splice(0);
    assert.equal((await set({ ...past, correctPast: true })).status, 201);
    const from = hourOf(Temporal.Instant.from('2026-11-01T00:00:00Z'));
    assert.deepEqual(
      accounts.changes.map((one) => [one.accountId, one.alone, one.from]),
      [[accountId, false, from]],
    );
    const partner = await accounts.put({ kind: 'partner', name: 'P' });
    await accounts.put({ kind: 'enterprise', name: 'E', parentId: partner.accountId });
    const first = await ask('POST', `/${partner.accountId}/pricing`, { body: past });
    assert.equal(first.status, 201, JSON.stringify(first.body));
    assert.deepEqual(
      accounts.changes.slice(1).map((one) => [one.accountId, one.alone, one.from]),
      [[partner.accountId, false, from]],
    );
    for (const body of [
      {},
      { priceListId: 'sample', markupPercent: '1' },
      { markupPercent: 10 },
      { markupPercent: 'much' },
      { ...past, effectiveFrom: '2026-11-01T00:30:00Z' },
      { ...past, correctPast: 'yes' },
    ]) {
      assert.equal((await set(body)).code, 'InvalidProperty', JSON.stringify(body));
    }
    assert.deepEqual(
      valuesOf(await ask('GET', path)).map((one) => one['version']),
      [1, 3, 2],
    );
  });

  it('tell at which prices they buy to those who may see the seller alone', async () => {
    const customer = await accounts.addCustomer();
    const seller = await accounts.addCustomer();
    await accounts.put({ accountId: seller.accountId, kind: 'partner', seriesPrefix: 'TELL' });
    const group = await accounts.put({
      kind: 'enterprise',
      name: 'G',
      parentId: seller.accountId,
    });
    await accounts.put({ accountId: customer.accountId, parentId: group.accountId });
    const pricingOf = async (id: string, as = somebody('Operator')) => {
      const { status, code } = await ask('GET', `/${id}/pricing`, { as });
      return [status, code];
    };
    const refused = [403, 'AuthorizationFailed'];
    const buyer = somebody('BillingReader', customer.subscriptionId);
    const partner = somebody('BillingReader', seller.subscriptionId);
    assert.deepEqual(await pricingOf(customer.accountId, buyer), refused);
    assert.deepEqual(await pricingOf(customer.accountId, partner), [200, undefined]);
    assert.deepEqual(await pricingOf(group.accountId, partner), [200, undefined]);
    assert.deepEqual(await pricingOf(seller.accountId, partner), refused);
    assert.deepEqual(await pricingOf(group.accountId, buyer), [404, 'BillingAccountNotFound']);
    const { accountId: provider } = await accounts.provider();
    for (const id of [customer.accountId, seller.accountId, provider]) {
      assert.deepEqual(await pricingOf(id, somebody('BillingReader')), [200, undefined]);
    }
  });

  it('have terms, which end', async () => {
    const { accountId } = await accounts.addCustomer();
    const other = await accounts.addCustomer();
    const path = `/${accountId}/terms`;
    const definition = { kind: 'discount', percent: '5' };
    const body = { name: 'Five off', definition, effectiveFrom: '2026-11-01T00:00:00Z' };
    const added = await ask('POST', path, { body });
    assert.equal(added.status, 201, JSON.stringify(added.body));
    const one = `${path}/${String(added.body['termId'])}`;
    assert.equal(
      (await ask('DELETE', `/${other.accountId}/terms/${String(added.body['termId'])}`)).code,
      'TermNotFound',
    );
    const ended = await ask('DELETE', one);
    assert.equal(ended.body['effectiveTo'], '2026-11-23T12:00:00Z', JSON.stringify(ended.body));
    accounts.clock.set(NOW.add({ hours: 2 }));
    assert.equal((await ask('DELETE', one)).code, 'TermNotFound');
    accounts.clock.set(NOW);
    assert.equal((await ask('DELETE', `${path}/none`)).code, 'TermNotFound');
    const back = { ...body, effectiveTo: '2026-10-01T00:00:00Z' };
    assert.equal((await ask('POST', path, { body: back })).code, 'InvalidProperty');
    assert.equal(
      (await ask('POST', path, { body: { ...body, definition: {} } })).code,
      'InvalidProperty',
    );
    const [listed] = valuesOf(await ask('GET', path));
    assert.deepEqual(
      [listed?.['name'], listed?.['effectiveTo']],
      ['Five off', '2026-11-23T12:00:00Z'],
    );
    const until = { ...body, effectiveTo: '2026-12-10T00:00:00Z' };
    const { termId } = (await ask('POST', path, { body: until })).body;
    const end = async (to: string) => {
      const { status, body: answer } = await ask(
        'DELETE',
        `${path}/${String(termId)}?effectiveTo=${to}`,
      );
      return [status, answer['effectiveTo']];
    };
    assert.deepEqual(await end('2026-12-10T01:00:00Z'), [400, undefined]);
    assert.deepEqual(await end('2026-12-09T00:00:00Z'), [200, '2026-12-09T00:00:00Z']);
    assert.deepEqual(await end('2026-12-10T00:00:00Z'), [400, undefined]);
  });
});
