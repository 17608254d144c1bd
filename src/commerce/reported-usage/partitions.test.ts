import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pg from 'pg';
import { withTestDatabase } from '../../../test/support/database.ts';
import { hourNumber } from '../../kernel/index.ts';
import { batchesOf, FIRST, manifestOf, withTestCommerce } from './test-commerce.ts';

/** So many sessions at once, each with its catalogue as it was read before. */
async function atOnce(
  url: string,
  count: number,
  work: (client: pg.Client, at: number) => Promise<unknown>,
): Promise<void> {
  const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: url }));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await Promise.all(clients.map((client, at) => work(client, at)));
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

const MONTH = 31 * 24;

describe('partitions that several sessions need at once', () => {
  const test = withTestDatabase();
  for (const [name, perRound] of [
    ['ensure_reported_partition', MONTH],
    ['ensure_usage_partitions', 366 * 24],
  ] as const) {
    it(`are made once: ${name}`, async () => {
      const rounds = Array.from({ length: 6 }, (_, at) => FIRST + (at + 1) * perRound);
      await atOnce(test.database.url, 6, async (client) => {
        for (const hour of rounds) {
          // In a transaction, as batches have it: the one that made it holds the others up until it commits.
          await client.query('begin');
          await client.query(`select ${name}($1)`, [hour]);
          await client.query('commit');
        }
      });
    });
  }
});

describe('batches of a month of which nothing has come', () => {
  const commerce = withTestCommerce();

  it('are all taken when they come at once', async () => {
    for (let month = 1; month <= 4; month++) {
      const window = hourNumber(FIRST - month * MONTH);
      const stamp = await commerce.register({ fromWindow: window });
      const batches = batchesOf(window, 6);
      const answers = await Promise.all(batches.map((batch) => commerce.putBatch(stamp, batch)));
      assert.deepEqual(
        answers.map(({ statusCode, body }) => [statusCode, statusCode === 201 ? '' : body]),
        answers.map(() => [201, '']),
      );
      assert.equal((await commerce.putManifest(stamp, manifestOf(batches))).statusCode, 201);
    }
  });
});
