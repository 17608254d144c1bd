import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { addCustomer } from '../../test/support/billing.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-account-'));
after(() => rmSync(folder, { recursive: true }));

describe('account', () => {
  const db = withTestDatabase();
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', folder, '--database-url', db.url]);
  const runJson = async (...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };
  const refused = async (text: RegExp, ...argv: string[]) => {
    const { exitCode, err } = await run('account', ...argv);
    assert.equal(exitCode, 1, argv.join(' '));
    assert.match(err, text);
  };

  it('set makes accounts and changes them; list, show and tree show them', async () => {
    const subscription = await addCustomer(db.database, { name: 'Shop' });
    const make = ['account', 'set', 'new', '--kind', 'partner', '--name', 'Reseller'];
    const more = ['--series-prefix', 'res', '--currency', 'EUR', '--billing-day', '15'];
    const partner = await runJson(...make, ...more);
    assert.deepEqual([partner.seriesPrefix, partner.billingDay], ['RES', 15]);
    const changed = await run('account', 'set', subscription, '--parent', partner.accountId);
    assert.match(changed.out, /^The account .* \(Shop\) is as you said\.\n$/);
    const [provider, ...others] = await runJson('account', 'list');
    assert.deepEqual([provider.kind, others.length], ['provider', 2]);
    const [shop] = await runJson('account', 'list', '--parent', partner.accountId);
    assert.deepEqual([shop.subscriptionId, shop.kind], [subscription, 'customer']);
    assert.match((await run('account', 'list', '--kind', 'customer')).out, /Shop/);
    const { out } = await run('account', 'tree');
    assert.deepEqual(
      out.split('\n').map((line) => line.replace(/ [0-9a-f-]{36}$/, '')),
      ['Provider (provider)', '└─ Reseller (partner)', '   └─ Shop (customer)', ''],
    );
    const tree = await runJson('account', 'tree');
    assert.equal(tree.below[0].below[0].name, 'Shop');
    await runJson('account', 'set', 'provider', '--city', 'Lyon', '--country', 'FR');
    assert.equal((await runJson('account', 'show', 'provider')).city, 'Lyon');
    const { city } = await runJson('account', 'set', 'provider', '--city', '');
    assert.equal(city, undefined);
    await refused(/billingDay/, 'set', 'provider', '--billing-day', '29');
    await refused(/whole number/, 'set', 'provider', '--wait-hours', 'x');
    await refused(/no billing account 'nobody'/, 'show', 'nobody');
    await refused(
      /prefix/,
      'set',
      'new',
      '--kind',
      'partner',
      '--name',
      'x',
      '--series-prefix',
      'RES',
    );
  });

  it('logo gives and takes away a picture', async () => {
    const file = join(folder, 'logo.png');
    writeFileSync(file, Buffer.from('89504e470d0a1a0a00', 'hex'));
    assert.match((await run('account', 'logo', 'provider', file)).out, /has its picture now/);
    assert.equal((await runJson('account', 'logo', 'provider', 'none')).hasLogo, false);
    await refused(/cannot be read/, 'logo', 'provider', join(folder, 'missing'));
  });

  it('price says at which prices an account buys', async () => {
    const subscription = await addCustomer(db.database);
    const from = ['--effective-from', '2026-01-01T00:00Z'];
    const set = await run('account', 'price', subscription, '--price-list', 'sample', ...from);
    assert.match(set.out, /buys by the price list sample from 2026-01-01T00:00:00Z on/);
    const { pricing } = await runJson('account', 'show', subscription);
    assert.equal(pricing.length, 2);
    await refused(/one of priceListId and markupPercent/, 'price', subscription);
    await refused(/name a price list instead/, 'price', subscription, '--markup', '10');
    await refused(/no price list 'none'/, 'price', subscription, '--price-list', 'none');
  });

  it('terms are added, listed and ended', async () => {
    const subscription = await addCustomer(db.database);
    const add = async (...argv: string[]) => {
      const [term] = await runJson('account', 'term-add', subscription, '--name', 'T', ...argv);
      return term.definition;
    };
    assert.deepEqual(await add('--fee', '10.50', '--each-subscription', '--not-prorated'), {
      kind: 'fee',
      amount: '10.5',
      per: 'subscription',
      prorated: false,
    });
    assert.equal((await add('--discount', '5', '--meter', 'a', '--meter', 'b')).meterIds.length, 2);
    assert.equal((await add('--free', '100', '--meter', 'a')).meterId, 'a');
    assert.equal((await add('--credit', '7', '--once')).recurrence, 'once');
    await add('--commitment', '100', '--from', '2026-01-01T00:00Z');
    const terms = await runJson('account', 'term-list', subscription);
    assert.equal(terms.length, 5);
    const ended = await run('account', 'term-end', subscription, terms[4].termId);
    assert.match(ended.out, /commitment/);
    await refused(/give one of --fee/, 'term-add', subscription, '--name', 'x');
    const twice = ['term-add', subscription, '--name', 'x', '--fee', '1', '--credit', '1'];
    await refused(/give one of --fee/, ...twice);
    await refused(/no term 'none'/, 'term-end', subscription, 'none');
    assert.deepEqual(await runJson('account', 'periods', subscription), []);
  });
});
