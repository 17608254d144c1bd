import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { ensureSamplePriceList } from '../commerce/pricing/index.ts';
import { fixedClock } from '../platform/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-cli-'));
after(() => rmSync(folder, { recursive: true }));

const VM = 'fab6eb84-500b-4a09-a8ca-7358f8bbaea5';
const CONTENT = {
  name: 'Euro prices',
  currency: 'EUR',
  items: [
    {
      meterId: VM,
      name: 'Base VM',
      scope: 'account',
      price: {
        kind: 'graduated',
        tiers: [{ upTo: '100', unitPrice: '0.01' }, { unitPrice: '0.005' }],
      },
      included: '10',
      maximum: '50',
    },
  ],
};

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

describe('commands of prices', () => {
  const db = withTestDatabase();
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', join(folder, 'data'), '--database-url', db.url]);
  const runJson = async <T>(...argv: string[]): Promise<T> => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };
  const refused = async (code: string, ...argv: string[]): Promise<void> => {
    const { exitCode, err } = await run(...argv, '--json');
    assert.equal(exitCode, 1, argv.join(' '));
    assert.match(err, new RegExp(`"${code}"`), argv.join(' '));
  };
  const clock = fixedClock(Temporal.Instant.from('2026-11-01T00:00Z'));
  before(() => db.database.transaction((tx) => ensureSamplePriceList(tx, clock)));

  it('price publish, list, versions and show', async () => {
    const path = file('euro.json', CONTENT);
    const publish = ['price', 'publish', path, '--list', 'euro'];
    const told = await run(...publish, '--effective-from', '2026-01-01T00:00Z', '--note', 'first');
    assert.deepEqual(
      [told.exitCode, told.out],
      [0, 'Version 1 of the price list euro is in force from 2026-01-01T00:00:00Z.\n'],
    );
    const second = await runJson<{ version: number }>(...publish, '--sample');
    assert.equal(second.version, 2);
    assert.match((await run('price', 'list')).out, /^euro +Euro prices +EUR +2 +yes$/m);
    assert.match(
      (await run('price', 'versions', 'EURO')).out,
      /^ +1 +2026-01-01T00:00:00Z .* first$/m,
    );
    const show = await run('price', 'show', 'euro');
    assert.match(show.out, /^Euro prices, version 1, in EUR$/m);
    assert.match(show.out, /graduated +to 100: 0\.01, above: 0\.005, at most 50 +account +10$/m);
    assert.match((await run('price', 'show', 'sample')).out, /^SAMPLE/m);
    assert.deepEqual(await runJson('price', 'show', 'euro', '--version', '2'), CONTENT);
    await refused('PriceListNotFound', 'price', 'show', 'none');
    await refused('PriceListNotFound', 'price', 'show', 'euro', '--version', '3');
    await refused('InvalidProperty', ...publish, '--effective-from', '2026-01-01T00:30Z');
    const wrong = file('wrong.json', { ...CONTENT, currency: 'E', items: [] });
    await refused('PriceListInvalid', 'price', 'publish', wrong, '--list', 'euro');
    await refused('InvalidProperty', 'price', 'publish', join(folder, 'no'), '--list', 'euro');
  });

  it('price check ends with 3 when something is wrong', async () => {
    assert.deepEqual((await run('price', 'check', 'sample')).exitCode, 0);
    const checked = await run('price', 'check', file('check.json', CONTENT));
    assert.equal(checked.exitCode, 3);
    assert.match(
      checked.out,
      /^warning +\$\.items +the meter .* \(Windows VM Size Hours\) is paid/m,
    );
    const broken = await run('price', 'check', file('broken.json', '{'), '--json');
    assert.equal(broken.exitCode, 3);
    assert.match(broken.out, /it is not valid JSON/);
  });

  it('price quote', async () => {
    const usage = ['--usage', `${VM}=120`];
    const bySample = await run('price', 'quote', ...usage);
    assert.match(bySample.out, /^Total: 0\.96 USD by sample prices, which are an example/m);
    const byFile = await runJson<{ total: string; lines: { amount: string }[] }>(
      'price',
      'quote',
      '--file',
      file('quote.json', CONTENT),
      ...usage,
      '--usage',
      `${VM}=0.5@a`,
    );
    assert.deepEqual([byFile.total, byFile.lines[0]?.amount], ['1.05', '1.0525']);
    await refused('MeterWithoutPrice', 'price', 'quote', '--usage', 'x=1');
    await refused('InvalidProperty', 'price', 'quote', '--usage', 'x');
    await refused(
      'InvalidProperty',
      'price',
      'quote',
      ...usage,
      '--list',
      'euro',
      '--at',
      '2020-01-01',
    );
  });

  it('exchange-rate set and list', async () => {
    const set = ['exchange-rate', 'set', '--from', 'usd', '--to', 'EUR', '--source', 'bank'];
    const told = await run(...set, '--rate', '0.92', '--day', '2026-11-01');
    assert.equal(told.out, 'From 2026-11-01 on 1 USD is 0.92 EUR.\n');
    assert.match(
      (await run('exchange-rate', 'list')).out,
      /^USD +EUR +2026-11-01 +1 +0\.92 +bank$/m,
    );
    const corrected = await run(...set, '--rate', '0.93', '--day', '2026-11-01', '--correct-past');
    assert.match(corrected.out, /^From 2026-11-01 on 1 USD is 0\.93 EUR\.$/m);
    await refused('InvalidProperty', ...set, '--rate', 'x');
    await refused('CurrencyUnknown', ...set.toSpliced(3, 1, 'XQQ'), '--rate', '1');
  });

  it('tax set and list', async () => {
    const set = ['tax', 'set', '--seller', 'FR', '--buyer', 'FR', '--from', '2026-01-01'];
    const told = await run(...set, '--category', 's', '--percent', '20');
    assert.equal(told.out, 'From 2026-01-01 on sales from FR to FR are taxed S 20 %.\n');
    assert.match((await run('tax', 'list')).out, /^FR +FR +all +S +20 +2026-01-01$/m);
    await refused('InvalidProperty', ...set, '--category', 'AE');
    await refused('InvalidProperty', ...set, '--category', 'Q');
  });
});
