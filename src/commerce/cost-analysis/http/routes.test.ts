import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sumOf } from '../../../kernel/index.ts';
import { summarizeCosts } from '../summaries/summarize.ts';
import { withCostRoom } from '../test-costs.ts';
import {
  codeOf,
  decimal,
  grant,
  groupsOf,
  RANGE,
  textsOf,
  withInterface,
  type Body,
} from './test-interface.ts';

describe('the interface of cost analysis', () => {
  const room = withCostRoom();
  const { ask } = withInterface(room);

  it('answers the operator from the root, sellers by buyer', async () => {
    const { status, body } = await ask(`cost-analysis?${RANGE}&groupBy=account`);
    assert.equal(status, 200);
    assert.deepEqual(body['account'], { id: room.provider, name: 'Provider' });
    assert.equal(body['view'], 'selling');
    assert.equal(body['currency'], 'USD');
    assert.equal(body['unpriced'], 0);
    const groups = groupsOf(body);
    assert.deepEqual(
      textsOf(groups.map(({ key }) => key)),
      textsOf([room.partner, room.customers[2]!.accountId]),
    );
    const { rows } = await room.test.database.pool.query<{ amount: string }>(
      'select trim_scale(sum(amount)) as amount from charge where account_id = any($1::uuid[])',
      [[room.partner, room.customers[2]!.accountId]],
    );
    const total = body['total'] as Body;
    assert.equal(total['amount'], rows[0]!.amount);
    const shares = sumOf(groups.map(({ share }) => decimal(share)));
    assert.ok(
      shares
        .subtract(decimal('100'))
        .roundTo(1, (a, b) => a / b)
        .isZero(),
    );
  });

  it('gives all groups on pages, none twice, and refuses the token of another question', async () => {
    const query = `cost-analysis?${RANGE}&groupBy=resource&limit=2&view=selling&account=${room.partner}&tag=team:red&tag=team:blue`;
    const keys: unknown[] = [];
    let next: string | undefined = query;
    let link = '';
    while (next !== undefined) {
      const { body, status } = await ask(next);
      assert.equal(status, 200);
      keys.push(...groupsOf(body).map(({ key }) => key));
      const nextLink: unknown = body['nextLink'];
      next =
        typeof nextLink === 'string'
          ? new URL(nextLink).pathname + new URL(nextLink).search
          : undefined;
      link = next ?? link;
    }
    // Two machines of two customers of the partner.
    assert.equal(keys.length, 4);
    assert.equal(new Set(keys).size, 4);
    const altered = await ask(link.replace('team%3Ared', 'team%3Agreen'));
    assert.equal(altered.status, 400);
  });

  it('shows each who may see it the same, and nobody else anything', async () => {
    const [own, sibling, direct] = room.customers;
    const reader = grant('Reader', own!.subscription);
    const { body, status } = await ask(`cost-analysis?${RANGE}&groupBy=resource`, reader);
    assert.equal(status, 200);
    assert.equal(body['view'], 'buying');
    const seen = groupsOf(body);
    assert.ok(seen.length > 0 && seen.every(({ key }) => String(key).includes(own!.subscription)));
    for (const other of [room.partner, room.provider, sibling!.accountId, direct!.accountId]) {
      for (const path of [
        `cost-analysis?${RANGE}&account=${other}`,
        `cost-analysis/values?dimension=resource&account=${other}`,
        `cost-analysis/forecast?account=${other}`,
        `cost-analysis/margin?${RANGE}&account=${other}`,
        `overview?account=${other}`,
      ]) {
        const hidden = await ask(path, reader);
        const missing = await ask(
          path.replace(other, '99999999-0000-4000-8000-000000000009'),
          reader,
        );
        assert.equal(hidden.status, 404, path);
        assert.equal(codeOf(hidden), 'BillingAccountNotFound');
        assert.equal(
          hidden.text.replaceAll(other, 'X'),
          missing.text.replaceAll('99999999-0000-4000-8000-000000000009', 'X'),
        );
      }
    }
    const foreign = await ask(
      `cost-analysis?${RANGE}&subscription=${sibling!.subscription}`,
      reader,
    );
    assert.deepEqual(groupsOf(foreign.body), []);
    assert.equal((foreign.body['total'] as Body)['amount'], '0');
    // What the seller pays, and what others pay it, are sides that a buyer does not have.
    assert.equal((await ask(`cost-analysis?${RANGE}&view=selling`, reader)).status, 400);
    assert.equal((await ask(`cost-analysis?${RANGE}`, [])).status, 400);
  });

  it('lists values of each dimension, found by a part of their name', async () => {
    for (const dimension of [
      'subscription',
      'resourceGroup',
      'resource',
      'resourceType',
      'meter',
      'location',
      'service',
      'account',
      'tag',
      'tag:team',
    ]) {
      const { body, status } = await ask(
        `cost-analysis/values?dimension=${dimension}&account=${room.partner}`,
      );
      assert.equal(status, 200, dimension);
      const values = body['value'] as Body[];
      assert.ok(values.length > 0, dimension);
      if (['tag'].includes(dimension)) continue;
      // Each key picks something out.
      const filter = dimension.startsWith('tag:')
        ? `tag=team:${encodeURIComponent(String(values.at(-1)!['key']))}`
        : `${dimension === 'account' ? 'buyer' : dimension}=${encodeURIComponent(String(values.at(-1)!['key']))}`;
      const costs = await ask(`cost-analysis?${RANGE}&account=${room.partner}&${filter}`);
      assert.equal(costs.status, 200, dimension);
      assert.ok(groupsOf(costs.body).length > 0, `${dimension} ${filter}`);
    }
    const found = await ask('cost-analysis/values?dimension=resource&search=VM2&limit=1');
    const [value] = found.body['value'] as Body[];
    assert.equal(value!['name'], 'vm2');
    assert.equal(typeof found.body['nextLink'], 'string');
  });

  it('tells what is wrong with a question', async () => {
    for (const [query, parameter] of [
      ['from=2026-10-01', 'to'],
      [`${RANGE}&groupBy=colour`, 'groupBy'],
      [`${RANGE}&granularity=hour`, 'granularity'],
      ['from=2026-10-01T05:00Z&to=2026-10-02', 'from'],
      [`${RANGE}&view=sideways`, 'view'],
      [`${RANGE}&currency=EUR`, 'currency'],
      [`${RANGE}&buyer=nobody`, 'buyer'],
      [`${RANGE}&colour=red`, 'colour'],
      [`${RANGE}&$skiptoken=abc`, '$skiptoken'],
      [`${RANGE}&account=${room.customers[0]!.accountId}&account=${room.partner}`, 'account'],
    ] as const) {
      const { status, text } = await ask(`cost-analysis?${query}`);
      assert.equal(status, 400, query);
      assert.ok(text.includes(parameter), `${query}: ${text}`);
    }
    assert.equal((await ask('cost-analysis/values?dimension=colour')).status, 400);
    assert.equal((await ask('cost-analysis/values')).status, 400);
    assert.equal((await ask('cost-analysis/forecast?colour=red')).status, 400);
    assert.equal((await ask('overview?filter=red')).status, 400);
  });

  it('tells of charges without a price and of what waits', async () => {
    const { pool } = room.test.database;
    const accountId = room.customers[2]!.accountId;
    await pool.query(
      `update charge set amount = null where charge = (
         select charge from charge join billing_period p using (period)
         where charge.account_id = $1 and p.name = '202611-1' order by charge limit 1)`,
      [accountId],
    );
    await pool.query('insert into rated_change (charge) select charge from charge');
    await pool.query(
      `insert into billing_problem values ($1, 0, 'MeterWithoutPrice', 'a price list of others', 1, now(), now(), now())`,
      [accountId],
    );
    await summarizeCosts(room.test);
    const { body } = await ask(`cost-analysis?${RANGE}&account=${accountId}`);
    assert.equal(body['unpriced'], 1);
    const { body: overview, text } = await ask(`overview?account=${accountId}`);
    const kinds = (overview['attention'] as Body[]).map(({ kind }) => kind);
    assert.ok(kinds.includes('chargesUnpriced') && kinds.includes('ratingFailed'));
    assert.ok(!text.includes('price list of others'));
    const sibling = await ask('overview', grant('Reader', room.customers[0]!.subscription));
    assert.ok(!(sibling.body['attention'] as Body[]).some(({ kind }) => kind === 'ratingFailed'));
  });
});
