import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { withTestDatabase } from '../../../test/support/database.ts';
import type { EdmType } from './model.ts';
import type { Order } from './options.ts';
import { orderingOf, type Position } from './order.ts';
import { readPage } from './page.ts';
import type { EntitySet } from './sets/set.ts';

const property = (name: string, type: EdmType, nullable: boolean) => ({
  name,
  type,
  nullable,
  description: '',
});

const THINGS: EntitySet = {
  name: 'Things',
  type: 'Thing',
  description: '',
  key: ['A', 'B'],
  properties: [
    property('A', 'Edm.Int32', false),
    property('B', 'Edm.String', false),
    property('Text', 'Edm.String', true),
    property('Amount', 'Edm.Decimal', true),
    property('At', 'Edm.DateTimeOffset', true),
    property('Paid', 'Edm.Boolean', false),
  ],
  from: 'thing t',
  columns: { A: 't.a', B: 't.b', Text: 't.text', Amount: 't.amount', At: 't.at', Paid: 't.paid' },
  order: [
    { sql: 't.a', type: 'int' },
    { sql: 't.b', type: 'text' },
  ],
  sortable: true,
  reading: async (database, _principal, work) => database.transaction((tx) => work(tx)),
};

const thing = fc.record({
  a: fc.integer({ min: 0, max: 9 }),
  b: fc.constantFrom('x', 'Y', 'ä', "o'b", ''),
  text: fc.option(fc.constantFrom('', 'a', 'B', 'ab', 'é', 'z')),
  amount: fc.option(
    fc.constantFrom('0', '-1', '0.1', '0.10000000000000000000000001', '12345678901234567890.5'),
  ),
  at: fc.option(fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000001Z')),
  paid: fc.boolean(),
});
type Thing = Parameters<Parameters<typeof thing.map>[0]>[0];

const orders = fc.uniqueArray(
  fc.record({
    property: fc.constantFrom('A', 'B', 'Text', 'Amount', 'At', 'Paid'),
    descending: fc.boolean(),
  }),
  { maxLength: 3, selector: (order) => order.property },
);

const keyOf = ({ a, b }: { readonly a: number; readonly b: string }): string => `${a}|${b}`;

describe('pages of a sorted set', () => {
  const test = withTestDatabase();

  before(() =>
    test.database.pool.query(
      `create table thing (a int, b text collate "C", text text, amount numeric, at timestamptz, paid boolean, primary key (a, b))`,
    ),
  );

  const write = async (things: readonly Thing[]): Promise<void> => {
    for (const { a, b, text, amount, at, paid } of things) {
      await test.database.pool.query(
        'insert into thing values ($1, $2, $3, $4, $5, $6) on conflict do nothing',
        [a, b, text, amount, at, paid],
      );
    }
  };

  const wholeSorted = async (orderBy: readonly Order[]): Promise<string[]> => {
    const columns = orderBy.map(({ property: name, descending }) => {
      const collate = name === 'B' || name === 'Text' ? ' collate "C"' : '';
      return `${name.toLowerCase()}${collate} ${descending ? 'desc nulls last' : 'asc nulls first'}`;
    });
    // What is alike comes by its key, which goes down where all of it was asked for that way.
    const isDown = orderBy[0]?.property === 'A' && orderBy[0].descending && isKey(orderBy);
    const key = isDown ? ['a desc', 'b desc'] : ['a', 'b'];
    const { rows } = await test.database.pool.query<{ a: number; b: string }>(
      `select a, b from thing order by ${[...columns, ...key].join(', ')}`,
    );
    return rows.map(keyOf);
  };

  const isKey = (orderBy: readonly Order[]): boolean =>
    orderBy.every(
      ({ property: name, descending }, at) =>
        name === ['A', 'B'][at] && descending === orderBy[0]?.descending,
    );

  it('have each row once, in order, whatever is written between them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(thing, { maxLength: 30 }),
        fc.array(fc.array(thing, { maxLength: 4 }), { maxLength: 12 }),
        orders,
        fc.integer({ min: 1, max: 7 }),
        async (first, later, orderBy, limit) => {
          await test.database.pool.query('truncate thing');
          await write(first);
          const there = await wholeSorted(orderBy);
          const ordering = orderingOf(THINGS, { orderBy });
          const seen: string[] = [];
          let after: Position | undefined;
          for (let page = 0; ; page++) {
            const { rows, next } = await test.database.transaction((tx) =>
              readPage(
                tx,
                {
                  set: THINGS,
                  options: { filter: undefined, select: ['A', 'B'] },
                  subscriptions: undefined,
                },
                { ordering, after, skip: 0, limit },
              ),
            );
            seen.push(...rows.map(([a, b]) => `${String(a)}|${String(b)}`));
            if (next === undefined) break;
            after = next;
            await write(later[page] ?? []);
          }
          assert.equal(new Set(seen).size, seen.length, 'none twice');
          const known = new Set(there);
          assert.deepEqual(
            seen.filter((key) => known.has(key)),
            there,
            JSON.stringify(orderBy),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('go up and down by the key of a set that is too large to be sorted', () => {
    const large: EntitySet = { ...THINGS, sortable: false };
    const by = (...orderBy: readonly Order[]) => orderingOf(large, { orderBy });
    const up = { property: 'A', descending: false };
    const down = { property: 'A', descending: true };
    assert.deepEqual(by(up), by());
    assert.ok(by(down).terms.every(({ descending }) => descending));
    assert.throws(() => by(down, { property: 'B', descending: false }), /too large to be sorted/);
    assert.throws(() => by({ property: 'Text', descending: false }), /anything but A, B/);
  });
});
