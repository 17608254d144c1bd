import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { fixedClock } from '../platform/index.ts';
import { appendAudit, listAudit, readAuditHead, SYSTEM, verifyAudit } from './index.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00.123456789Z');

describe('the audit trail', () => {
  const test = withTestDatabase();
  const clock = fixedClock(START);
  const add = (target: string) =>
    appendAudit(test.database.pool, clock, {
      actor: { kind: 'command-line', name: 'ana' },
      action: 'Example/things/write',
      target,
      detail: { name: 'é"\u2028', count: 1 },
    });
  /** As somebody who owns the database could, with the guards of the table off. */
  const tamper = async (statement: string): Promise<void> => {
    await test.database.transaction(async (tx) => {
      await tx.query('alter table audit_event disable trigger all');
      await tx.query(statement);
      await tx.query('alter table audit_event enable trigger all');
    });
  };
  const restoring = async (statement: string, work: () => Promise<void>): Promise<void> => {
    const { pool } = test.database;
    await pool.query(
      'create table kept as table audit_event; create table kept_head as table audit_head',
    );
    await tamper(statement);
    await work();
    await tamper(
      `delete from audit_event; insert into audit_event table kept; drop table kept;
       delete from audit_head; insert into audit_head table kept_head; drop table kept_head`,
    );
    assert.equal((await verifyAudit(pool)).intact, true);
  };

  it('is empty at first, and intact', async () => {
    const verdict = await verifyAudit(test.database.pool);
    assert.ok(verdict.intact);
    assert.equal(verdict.events, 0n);
  });

  it('keeps what was told, in order, by whom and when', async () => {
    await add('/things/1');
    await appendAudit(test.database.pool, clock, {
      actor: SYSTEM,
      action: 'x',
      target: '/things/2',
    });
    const [first, second] = await listAudit(test.database.pool, { after: 0n, limit: 10 });
    assert.ok(first && second);
    assert.deepEqual([first.number, second.number], [1n, 2n]);
    assert.equal(first.at.toString(), '2026-03-01T00:00:00.123Z');
    assert.deepEqual([first.actorKind, first.actorName], ['command-line', 'ana']);
    assert.deepEqual(JSON.parse(first.detail), { name: 'é"\u2028', count: 1 });
    assert.deepEqual(second.previousHash, first.hash);
    assert.equal(second.actorName, 'stackmeter');
    const about = await listAudit(test.database.pool, {
      after: 0n,
      limit: 10,
      target: '/things/2',
    });
    assert.deepEqual(
      about.map(({ number }) => number),
      [2n],
    );
  });

  it('is read from either end, a page at a time', async () => {
    const { pool } = test.database;
    const [last] = await listAudit(pool, { limit: 1, newestFirst: true });
    const seen: bigint[] = [];
    let after: bigint | undefined;
    do {
      const page = await listAudit(pool, { after, limit: 1, newestFirst: true });
      seen.push(...page.map(({ number }) => number));
      after = page.at(-1)?.number;
    } while (after !== undefined);
    const oldest = await listAudit(pool, { limit: 1000 });
    assert.ok(seen.length >= 2);
    assert.equal(seen[0], last?.number);
    assert.deepEqual(
      seen.toReversed(),
      oldest.map(({ number }) => number),
    );
  });

  it('stays one chain when many write at once, and when transactions are undone', async () => {
    const before = (await readAuditHead(test.database.pool)).number;
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        test.database
          .transaction(
            async (tx) => {
              await appendAudit(tx, clock, { actor: SYSTEM, action: 'x', target: `/many/${i}` });
              if (i % 4 === 0) throw new Error('undone');
            },
            { retry: true },
          )
          .catch(() => undefined),
      ),
    );
    const verdict = await verifyAudit(test.database.pool);
    assert.ok(verdict.intact);
    assert.equal(verdict.events, before + 30n);
  });

  it('keeps a name that is not well-formed text as it can be read back', async () => {
    await appendAudit(test.database.pool, clock, {
      actor: { kind: 'command-line', name: 'a\ud800b' },
      action: 'x',
      target: '/things/\udfff',
      detail: { half: '\ud800' },
    });
    assert.equal((await verifyAudit(test.database.pool)).intact, true);
  });

  it('refuses to be changed', async () => {
    const { pool } = test.database;
    for (const statement of [
      `update audit_event set actor_name = 'bob'`,
      'delete from audit_event where number = 1',
      'truncate audit_event',
    ]) {
      await assert.rejects(pool.query(statement), /append-only/, statement);
    }
  });

  const attacks: readonly (readonly [string, string, bigint])[] = [
    ['an altered name', `update audit_event set actor_name = 'bob' where number = 2`, 2n],
    ['an altered detail', `update audit_event set detail = '{}' where number = 1`, 1n],
    ['an altered time', `update audit_event set at = at + interval '1 s' where number = 3`, 3n],
    ['a removed event', 'delete from audit_event where number = 2', 2n],
    ['a removed first event', 'delete from audit_event where number = 1', 1n],
    [
      'two events that changed places',
      `update audit_event set number = 1000 where number = 2;
       update audit_event set number = 2 where number = 3;
       update audit_event set number = 3 where number = 1000`,
      2n,
    ],
    [
      'a cut end',
      'delete from audit_event where number = (select max(number) from audit_event)',
      33n,
    ],
    [
      'an end that was set back, with an event missing before it',
      'delete from audit_event where number = 8; update audit_head set number = 8',
      8n,
    ],
    [
      'an event beyond the end',
      `insert into audit_event select number + 1, at, actor_kind, actor_id, actor_tenant_id, actor_name, action,
         target, detail, hash, hash from audit_event order by number desc limit 1`,
      34n,
    ],
  ];
  for (const [name, statement, at] of attacks) {
    it(`shows ${name}`, async () => {
      await restoring(statement, async () => {
        const verdict = await verifyAudit(test.database.pool);
        assert.ok(!verdict.intact);
        assert.equal(verdict.at, at);
      });
    });
  }

  it('shows that it was cut and its end written anew, to who noted the end before', async () => {
    const { pool } = test.database;
    const noted = await readAuditHead(pool);
    await restoring(
      `delete from audit_event where number > 5;
       update audit_head set (number, hash) = (select number, hash from audit_event where number = 5)`,
      async () => {
        assert.ok((await verifyAudit(pool)).intact);
        const verdict = await verifyAudit(pool, noted);
        assert.ok(!verdict.intact);
        assert.match(verdict.problem, /ends before/);
      },
    );
    assert.ok((await verifyAudit(pool, noted)).intact);
    await add('/things/later');
    assert.ok((await verifyAudit(pool, noted)).intact);
  });
});
