import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { verifyInvoices } from '../../src/commerce/invoicing/index.ts';
import { verifyLedger } from '../../src/commerce/ledger/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { addBilledMonths } from '../support/billed-months.ts';
import { withTestDatabase } from '../support/database.ts';
import type { IssuingOrder } from './issuing-process.ts';
import { chooseSeed, seededRandom } from './random.ts';

/** Set it to the seed that a failed run printed to have the same kills after the same waits. */
const SEED_VARIABLE = 'STACKMETER_TEST_CRASH_SEED';
const PROGRAM = join(import.meta.dirname, 'issuing-process.ts');

const INVOICES = 1000;
const WORKERS = 2;
/** Kills of each worker, after which it is let go on to the end. */
const KILLS = 8;

/** A process of Stackmeter; what it says of an error is kept. */
function start(order: IssuingOrder): {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly said: () => string;
} {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], { stdio: 'pipe' });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, said: () => said };
}

describe('issuing by two workers that are killed', () => {
  const test = withTestDatabase();

  it('leaves 1,000 invoices with numbers without gap or repeat, one document each, and the books balanced', async (t) => {
    const seed = chooseSeed(process.env[SEED_VARIABLE]);
    t.diagnostic(`seed ${seed}`);
    const { database, url } = test;
    await addBilledMonths(database, systemClock, {
      count: INVOICES,
      meters: 3,
      subscriptions: 1,
      resources: 2,
    });
    let killed = 0;
    let beforeLast = 0;
    const work = async (worker: number): Promise<void> => {
      const random = seededRandom(seed + worker);
      for (let kill = 0; kill < KILLS; kill++) {
        const { child } = start({ databaseUrl: url, seed });
        const ended = once(child, 'exit');
        await once(child.stdout, 'data');
        await systemClock.sleep(random.between(100, 1500));
        if (child.kill('SIGKILL')) killed += 1;
        await ended;
      }
      const { rows } = await pool.query<{ issued: number }>(
        'select count(*)::int as issued from invoice',
      );
      beforeLast = rows[0]?.issued ?? 0;
      const { child, said } = start({ databaseUrl: url, seed });
      child.stdout.resume();
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.equal(code, 0, said());
    };
    const { pool } = database;
    await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
    t.diagnostic(
      `killed ${killed} times; ${beforeLast} invoices were issued by processes that were`,
    );

    const { rows: numbers } = await pool.query<{ series: string; numbers: number; last: number }>(
      `select series, count(distinct sequence)::int as numbers, max(sequence) as last from invoice group by series`,
    );
    assert.equal(numbers.length, 1);
    assert.deepEqual([numbers[0]?.numbers, numbers[0]?.last], [INVOICES, INVOICES]);
    const { rows: counts } = await pool.query<Record<string, number>>(
      `select (select count(*)::int from invoice) as invoices,
              (select count(distinct account_id)::int from invoice) as accounts,
              (select count(*)::int from invoice_document where kind = 'pdf') as documents,
              (select count(*)::int from invoice_document_due) as due,
              (select count(*)::int from charge where quantity <> invoiced_quantity or amount <> invoiced_amount) as left,
              (select count(*)::int from (select charge from invoice_line group by charge having count(*) > 1) d) as doubled`,
    );
    const expected = { invoices: INVOICES, accounts: INVOICES, documents: INVOICES };
    assert.deepEqual(counts[0], { ...expected, due: 0, left: 0, doubled: 0 });
    assert.deepEqual((await verifyInvoices(pool)).differences, []);
    assert.equal((await verifyLedger(pool)).balanced, true);
  });
});
