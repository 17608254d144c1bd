import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAudit } from '../../audit/index.ts';
import { Decimal, hourNumber, hourOf, parseCurrency } from '../../kernel/index.ts';
import { readPricings, setPricing, type PricingBasis } from './account-pricing.ts';
import { ensureBillingAccounts } from './ensure.ts';
import { ensurePeriods, holdPeriod, listPeriods, setPeriodState } from './period-store.ts';
import { findAccount } from './store.ts';
import { charge, NOW, withTestAccounts } from './test-app.ts';
import { newAccountId } from './test-accounts.ts';

describe('billing accounts', () => {
  const accounts = withTestAccounts();
  const { put } = accounts;
  const refused = (work: Promise<unknown>, code: string, text?: RegExp) =>
    assert.rejects(work, (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      if (text !== undefined) assert.match(error.message, text);
      return true;
    });

  it('are there for each subscription, below the provider and with sample prices', async () => {
    const { database } = accounts.test;
    const made = await accounts.addCustomer();
    const provider = await accounts.provider();
    assert.deepEqual(
      [made.kind, made.parentId, made.currency, made.timeZone, made.billingDay, made.lateUsage],
      ['customer', provider.accountId, 'USD', 'UTC', 1, 'NextInvoice'],
    );
    assert.deepEqual([made.waitHours, made.reviewDays, made.paymentDays], [24, 3, 30]);
    const [pricing] = (await readPricings(database.pool)).get(made.accountId) ?? [];
    assert.deepEqual([pricing?.priceListId, pricing?.effectiveFrom], ['sample', 0]);
    const again = await database.transaction((tx) => ensureBillingAccounts(tx, accounts.clock));
    assert.equal(again, 0);
  });

  it('are made once, however many ask at the same time', async () => {
    const { database } = accounts.test;
    await database.pool.query(
      `insert into commerce_subscription (subscription_id, display_name, kind, multitenancy_approved, state, created_at)
       select gen_random_uuid(), 'many ' || n, 'PayAsYouGo', false, 'Enabled', now() from generate_series(1, 50) n`,
    );
    const asked = Array.from({ length: 8 }, () =>
      database.transaction((tx) => ensureBillingAccounts(tx, accounts.clock)),
    );
    const made = await Promise.all(asked);
    assert.equal(
      made.reduce((sum, count) => sum + count, 0),
      50,
    );
  });

  it('take from the one above what nobody says, and tell what changed', async () => {
    const euro = parseCurrency('EUR')!;
    const partner = await put({
      kind: 'partner',
      name: 'Partner',
      currency: euro,
      timeZone: 'Europe/Paris',
    });
    const group = await put({ kind: 'enterprise', name: 'Group', parentId: partner.accountId });
    assert.deepEqual(
      [group.currency, group.timeZone, group.seriesPrefix],
      [euro, 'Europe/Paris', ''],
    );
    assert.match(partner.seriesPrefix, /^P[0-9A-F]{8}$/);
    const changed = await put({ accountId: group.accountId, city: 'Lyon', name: 'Group' });
    assert.deepEqual(await findAccount(accounts.test.database.pool, group.accountId), changed);
    assert.notEqual(changed.etag, group.etag);
    assert.equal((await put({ accountId: group.accountId, city: 'Lyon' })).etag, changed.etag);
    assert.equal((await put({ accountId: group.accountId, city: null })).city, undefined);
    const events = await listAudit(accounts.test.database.pool, {
      after: 0n,
      limit: 9,
      target: `/billingAccounts/${group.accountId}`,
    });
    assert.deepEqual(
      events.slice(1).map(({ detail }) => detail),
      ['{"city":"Lyon"}', '{"city":null}'],
    );
  });

  it('are where their kind may be', async () => {
    const provider = await accounts.provider();
    const partner = await put({ kind: 'partner', name: 'P' });
    const below = await put({ kind: 'partner', name: 'Q', parentId: partner.accountId });
    const group = await put({ kind: 'enterprise', name: 'E', parentId: below.accountId });
    const customer = await accounts.addCustomer();
    await put({ accountId: customer.accountId, parentId: group.accountId });
    const wrong = [
      [{ kind: 'partner', name: 'x', parentId: group.accountId }, /below enterprise/],
      [{ kind: 'enterprise', name: 'x', parentId: customer.accountId }, /below customer/],
      [{ kind: 'customer', name: 'x' }, /subscription of commerce/],
      [{ kind: 'provider', name: 'x' }, /one provider/],
      [{ accountId: provider.accountId, kind: 'partner' }, /one provider/],
      [{ accountId: provider.accountId, parentId: partner.accountId }, /has none/],
      [{ accountId: partner.accountId, parentId: below.accountId }, /below the account itself/],
      [{ accountId: partner.accountId, parentId: partner.accountId }, /below the account itself/],
      [{ accountId: partner.accountId, kind: 'enterprise' }, /kind partner is below/],
      [{ accountId: customer.accountId, subscriptionId: null }, /subscription of commerce/],
      [{ kind: 'partner' }, /name/],
      [{ name: 'x' }, /kind/],
    ] as const;
    for (const [change, text] of wrong) await refused(put(change), 'InvalidProperty', text);
    await refused(
      put({ kind: 'partner', name: 'x', parentId: newAccountId() }),
      'BillingAccountNotFound',
    );
    const { subscriptionId } = customer;
    await refused(put({ kind: 'customer', name: 'x', subscriptionId }), 'Conflict');
    await refused(
      put({ kind: 'partner', name: 'x', seriesPrefix: partner.seriesPrefix }),
      'BillingAccountInUse',
      /prefix/,
    );
  });

  it('stay where they are once something was charged, they or any below', async () => {
    const partner = await put({ kind: 'partner', name: 'P' });
    const other = await put({ kind: 'partner', name: 'O' });
    const group = await put({ kind: 'enterprise', name: 'E', parentId: partner.accountId });
    const customer = await accounts.addCustomer();
    const { accountId, subscriptionId } = customer;
    await put({ accountId, parentId: group.accountId });
    await put({ accountId: group.accountId, parentId: other.accountId });
    await charge(accounts, group.accountId, subscriptionId!);
    for (const change of [
      { accountId: group.accountId, parentId: partner.accountId },
      { accountId: group.accountId, kind: 'partner', seriesPrefix: 'EEE' },
      { accountId: group.accountId, currency: parseCurrency('EUR')! },
      { accountId, parentId: other.accountId },
      { accountId: other.accountId, parentId: partner.accountId },
      { accountId: other.accountId, currency: parseCurrency('EUR')! },
    ] as const) {
      await refused(put(change), 'BillingAccountInUse', /charged already/);
    }
    assert.equal((await put({ accountId, name: 'renamed' })).name, 'renamed');
    const { accountId: root } = await accounts.provider();
    assert.equal((await put({ accountId: root, currency: parseCurrency('EUR')! })).currency, 'EUR');
  });

  it('stay where they are once they were invoiced or paid, whether or not usage was charged', async () => {
    const { pool } = accounts.test.database;
    const partner = await put({ kind: 'partner', name: 'P' });
    const other = await put({ kind: 'partner', name: 'O' });
    const currency = parseCurrency('CHF')!;
    const issued = await put({ kind: 'enterprise', name: 'E', parentId: partner.accountId });
    await pool.query(
      `insert into billing_period (account_id, name, from_hour, to_hour, time_zone, state)
       values ($1, '202610-1', 0, 1, 'UTC', 'Issued')`,
      [issued.accountId],
    );
    const paying = await put({ kind: 'enterprise', name: 'F', parentId: partner.accountId });
    await pool.query(
      `insert into payment values (gen_random_uuid(), $1, $2, 'USD', 5, '2026-11-03', 'bank', 'epoch')`,
      [partner.accountId, paying.accountId],
    );
    for (const { accountId } of [issued, paying]) {
      for (const change of [
        { accountId, parentId: other.accountId },
        { accountId, kind: 'partner', seriesPrefix: 'FFF' },
        { accountId, currency },
      ] as const) {
        await refused(put(change), 'BillingAccountInUse', /invoiced or has paid/);
      }
    }
    // Who sells to those below would be another one.
    const { accountId } = partner;
    await refused(put({ accountId, kind: 'enterprise' }), 'BillingAccountInUse');
    const above = await put({ kind: 'enterprise', name: 'G', parentId: partner.accountId });
    const member = await put({ kind: 'enterprise', name: 'H', parentId: above.accountId });
    await pool.query(
      `insert into payment values (gen_random_uuid(), $1, $2, 'USD', 5, '2026-11-03', 'bank', 'epoch')`,
      [partner.accountId, member.accountId],
    );
    const moved = { accountId: above.accountId, parentId: other.accountId };
    await refused(put(moved), 'BillingAccountInUse', /an account below it/);
    assert.equal((await put({ accountId: above.accountId, currency })).currency, currency);
  });

  it('say at which prices they buy, from when on, and not for the past by mistake', async () => {
    const { database } = accounts.test;
    const { accountId } = await accounts.addCustomer();
    const partner = await put({ kind: 'partner', name: 'P' });
    const below = await put({ kind: 'partner', name: 'Q', parentId: partner.accountId });
    const provider = await accounts.provider();
    const now = hourOf(NOW);
    const set = (id: typeof accountId, basis: PricingBasis, from: number, correctPast = false) =>
      database.transaction((tx) =>
        setPricing(
          tx,
          id,
          basis,
          hourNumber(from),
          { correctPast, ratedUpTo: now },
          accounts.changing,
        ),
      );
    const sample = { priceListId: 'sample' };
    const markup = { markupPercent: Decimal.parse('12.5')! };
    assert.equal((await set(accountId, sample, now)).version, 2);
    await refused(set(accountId, sample, now - 1), 'PriceInThePast');
    assert.equal((await set(accountId, sample, now - 1, true)).version, 3);
    // What has no price yet gets one for the past as well.
    assert.equal((await set(below.accountId, markup, 0)).version, 1);
    await refused(set(below.accountId, markup, 5), 'PriceInThePast');
    await refused(set(partner.accountId, markup, now), 'InvalidProperty', /price list/);
    await refused(set(provider.accountId, sample, now), 'InvalidProperty', /buys from nobody/);
    const total = { markupPercent: Decimal.parse('-100')! };
    await refused(set(below.accountId, total, now), 'InvalidProperty', /-100/);
    for (const text of ['10000.1', '1000000', '0.0000001', '12.1234567']) {
      const tooMuch = { markupPercent: Decimal.parse(text)! };
      await refused(set(below.accountId, tooMuch, now), 'InvalidProperty', /at most 10000/);
    }
    for (const text of ['10000', '-99.999999']) {
      const most = { markupPercent: Decimal.parse(text)! };
      assert.ok((await set(below.accountId, most, now)).version > 1);
    }
    await refused(set(accountId, { priceListId: 'none' }, now), 'PriceListNotFound', /none/);
    await refused(set(newAccountId(), sample, now), 'BillingAccountNotFound');
    const kept = (await readPricings(database.pool)).get(accountId);
    assert.deepEqual(
      kept?.map(({ version, effectiveFrom }) => [version, effectiveFrom]),
      [
        [1, 0],
        [3, now - 1],
        [2, now],
      ],
    );
  });

  it('have no prices of their own while an enterprise above buys for them', async () => {
    const { database } = accounts.test;
    const partner = await put({ kind: 'partner', name: 'P' });
    const group = await put({ kind: 'enterprise', name: 'Group', parentId: partner.accountId });
    const part = await put({ kind: 'enterprise', name: 'Part', parentId: group.accountId });
    const { accountId } = await accounts.addCustomer();
    await put({ accountId, parentId: part.accountId });
    const set = (id: typeof accountId) =>
      database.transaction((tx) => {
        const options = { correctPast: false, ratedUpTo: undefined };
        const basis = { priceListId: 'sample' };
        return setPricing(tx, id, basis, hourNumber(0), options, accounts.changing);
      });
    const named = new RegExp(`enterprise Group \\(${group.accountId}\\)`);
    await refused(set(accountId), 'InvalidProperty', named);
    await refused(set(part.accountId), 'InvalidProperty', named);
    assert.equal((await set(group.accountId)).version, 1);
    await put({ accountId, parentId: partner.accountId });
    assert.equal((await set(accountId)).version, 2);
  });

  it('take currency, language and time zone of the provider when nobody makes them', async () => {
    const { accountId } = await accounts.provider();
    const before = await findAccount(accounts.test.database.pool, accountId);
    await put({
      accountId,
      currency: parseCurrency('CHF')!,
      language: 'fr',
      timeZone: 'Europe/Zurich',
    });
    const made = await accounts.addCustomer();
    assert.deepEqual([made.currency, made.language, made.timeZone], ['CHF', 'fr', 'Europe/Zurich']);
    const { currency, language, timeZone } = before!;
    await put({ accountId, currency, language, timeZone });
  });

  it('have periods from the first usage on, made once and without gaps', async () => {
    const { database } = accounts.test;
    const account = await accounts.addCustomer();
    const at = (text: string) => hourOf(Temporal.Instant.from(text));
    const [from, to] = [at('2026-10-05T00:00Z'), at('2026-11-05T00:00Z')];
    const ensured = await Promise.all(
      Array.from({ length: 5 }, () =>
        database.transaction((tx) => ensurePeriods(tx, account, from, to)),
      ),
    );
    for (const periods of ensured) {
      assert.deepEqual(
        periods.map(({ name }) => name),
        ['202610-1', '202611-1'],
      );
    }
    const [early] = await database.transaction((tx) =>
      ensurePeriods(tx, account, at('2026-08-20T05:00Z'), at('2026-08-20T06:00Z')),
    );
    assert.equal(early?.name, '202608-1');
    const listed = await listPeriods(database.pool, account.accountId);
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['202611-1', '202610-1', '202609-1', '202608-1'],
    );
    await database.transaction(async (tx) => {
      const held = await holdPeriod(tx, early.period);
      assert.deepEqual(held, early);
      await setPeriodState(tx, { ...early, state: 'InReview', reviewStartedAt: NOW, held: 'why' });
    });
    const [reviewed] = await listPeriods(database.pool, account.accountId, { state: 'InReview' });
    assert.deepEqual([reviewed?.name, reviewed?.held], ['202608-1', 'why']);
    assert.equal(reviewed?.reviewStartedAt?.toString(), NOW.toString());
  });
});
