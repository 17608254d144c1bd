import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Tx } from '../../platform/index.ts';
import { readAccountTree, type AccountId } from '../accounts/index.ts';
import { readFrom } from './reader.ts';
import { summarizeCosts } from './summaries/summarize.ts';
import { withCostRoom } from './test-costs.ts';
import { viewpointOf, type CostView } from './viewpoint.ts';

const TABLES = [
  'cost_sale',
  'cost_scope',
  'cost_charge',
  'cost_place',
  'cost_resource',
  'cost_by_charge',
  'cost_by_place',
  'cost_by_resource',
  'cost_by_charge_place',
  'cost_quantity',
];

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : 1;
}

describe('invariant isolated, of costs', () => {
  const room = withCostRoom();
  const nothing = (): Promise<void> => Promise.resolve();

  before(async () => {
    await room.report(150, 5);
    await summarizeCosts(room.test);
  });

  const from = async <T>(
    accountId: AccountId,
    view: CostView,
    read: (tx: Tx) => Promise<T>,
  ): Promise<T> => {
    const tree = await readAccountTree(room.test.database.pool);
    const viewpoint = viewpointOf(tree, tree.get(accountId)!, { view });
    return readFrom(room.test.database, viewpoint, nothing, read);
  };

  /** Whose rows a statement without any condition has. */
  const accountsIn = async (tx: Tx): Promise<Record<string, string[]>> => {
    const seen: Record<string, string[]> = {};
    for (const table of TABLES) {
      const join = table === 'cost_sale' ? '' : 'join cost_sale using (sale)';
      const { rows } = await tx.query<{ id: string }>(
        `select distinct account_id as id from ${table} ${join} order by 1`,
      );
      seen[table] = rows.map(({ id }) => id);
    }
    return seen;
  };

  it('shows what an account buys, or what its buyers buy, and nothing else', async () => {
    const [one, two, direct] = room.customers.map(({ accountId }) => accountId);
    for (const [account, view, whose] of [
      [one!, 'buying', [one!]],
      [room.partner, 'buying', [room.partner]],
      [room.partner, 'selling', [one!, two!]],
      [room.provider, 'selling', [room.partner, direct!]],
    ] as const) {
      const seen = await from(account, view, accountsIn);
      for (const table of TABLES)
        assert.deepEqual(seen[table], [...whose].toSorted(compareTexts), `${view} ${table}`);
    }
  });

  it('shows no row of others even by their number', async () => {
    const { rows } = await room.test.database.pool.query<{ sale: number }>(
      'select sale from cost_sale where account_id = $1',
      [room.partner],
    );
    const count = await from(room.customers[0]!.accountId, 'buying', async (tx) => {
      const { rows: found } = await tx.query<{ n: number }>(
        `select (select count(*) from cost_charge where sale = $1)::int + (select count(*) from cost_resource where sale = $1)::int
              + (select count(*) from cost_by_resource where sale = $1)::int as n`,
        [rows[0]!.sale],
      );
      return found[0]!.n;
    });
    assert.equal(count, 0);
  });

  it('shows nothing when it is not said from where', async () => {
    await room.test.database.transaction(async (tx) => {
      await tx.query('set local role stackmeter_cost_reader');
      for (const ids of Object.values(await accountsIn(tx))) assert.deepEqual(ids, []);
    });
  });

  it('reads nothing else and writes nothing', async () => {
    for (const statement of [
      'select * from charge',
      'select * from billing_account',
      'select * from price_plan',
      'select * from reported_resource',
      'select * from reported_usage',
      'select * from invoice_line',
      'select * from rated_change',
      'select * from rated_line',
      'update cost_by_charge set d1 = 0',
      'delete from cost_by_place',
    ]) {
      const reading = from(room.partner, 'buying', (tx) => tx.query(statement));
      await assert.rejects(reading, { code: /42501|25006/ }, statement);
    }
  });

  it('takes nothing but a GUID for an account', async () => {
    const tree = await readAccountTree(room.test.database.pool);
    const account = { ...tree.root, accountId: "x'; reset role; --" as AccountId };
    const reading = readFrom(room.test.database, { account, view: 'selling' }, nothing, nothing);
    await assert.rejects(reading, TypeError);
  });
});
