import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type pg from 'pg';
import type { Database } from '../../platform/index.ts';
import { askForRun } from './ask.ts';
import { runDueExports } from './due.ts';
import { ExportLocks } from './locks.ts';
import { jsonOf, treeOf, withTestExports } from './test-exports.ts';

describe('a connection that is lost', () => {
  const exported = withTestExports();
  before(() => exported.open());

  it('before the first lock is taken keeps no later one from being taken', async () => {
    const { pool } = exported.story.database;
    let isLost = true;
    const connect = async (): Promise<pg.PoolClient> => {
      const client = await pool.connect();
      if (!isLost) return client;
      isLost = false;
      const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await ended;
      return client;
    };
    const locks = new ExportLocks({ connect });
    const one = randomUUID();
    await assert.rejects(locks.take(one));
    assert.equal(await locks.take(one), true);
    await locks.requireHeld(one);
    await locks.give(one);
  });

  it('after it was noted that all files are there leaves them there', async () => {
    const { database, clock } = exported.story;
    const destination = { kind: 'folder', path: 'lost' } as const;
    const one = await exported.add({ dataset: 'focus-1.4', destination });
    await askForRun(database.pool, one.exportId, ['202609-1'], clock.now());
    const room = { ...exported.room, database: losingAnswer(database, "set state = 'Written'") };
    assert.equal((await runDueExports(room)).retried, 1);
    clock.advance(60_000);
    assert.equal((await runDueExports(exported.room)).succeeded, 1);
    const tree = treeOf(join(exported.folder, 'lost'));
    const files = jsonOf(tree.get('202609-1/manifest.json'))['files'] as { path: string }[];
    assert.deepEqual(
      [...tree.keys()],
      [...files.map(({ path }) => path), '202609-1/manifest.json'].toSorted(),
    );
  });
});

/** A database of which the answer to the first statement with these words does not arrive. */
function losingAnswer(database: Database, words: string): Database {
  let isLost = true;
  const pool = new Proxy(database.pool, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'query') return value.bind(target);
      return async (text: unknown, values: unknown) => {
        const answer: unknown = await Reflect.apply(value, target, [text, values]);
        if (!isLost || typeof text !== 'string' || !text.includes(words)) return answer;
        isLost = false;
        throw new Error('the connection was lost');
      };
    },
  });
  return { ...database, pool };
}
