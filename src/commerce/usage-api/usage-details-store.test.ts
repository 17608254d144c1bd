import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { SubscriptionId } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { readAsAccount } from './account-reader.ts';
import type { HourRange } from './billing-period.ts';
import type { DetailPosition, DetailRow } from './rows.ts';
import { TODAY, withTestAccounts, type NewRow } from './test-accounts.ts';
import { readUsageDetails, type ResourceFilter } from './usage-details-store.ts';

const ALL: ResourceFilter = {
  resourceGroup: undefined,
  instanceName: undefined,
  instanceId: undefined,
};
const YEAR = [{ from: (TODAY - 365) * 24, to: (TODAY + 1) * 24 }];

describe('usage details over a year', () => {
  const accounts = withTestAccounts();
  let account: SubscriptionId;
  let written: NewRow[];

  before(async () => {
    account = await accounts.addAccount();
    const registration = await accounts.addRegistration(account, { from: 0, next: TODAY * 24 });
    const meter = await accounts.addMeter('VM');
    // Days apart by 1, 2, 3 and so on; some reported at once, some long after, some with other days in the same hour.
    const days = [2, 3, 5, 8, 12, 17, 40, 41, 42, 60, 90, 131, 200, 280, 363];
    written = days.flatMap((ago, at) =>
      ['a', 'b', 'c'].map((name, of): NewRow => {
        const usage = (TODAY - ago) * 24 + of;
        const hour = at % 3 === 0 ? TODAY * 24 - 1 - of : usage + 1;
        const quantity = `${at + 1}.${of + 1}`;
        return { account, registration, meter, quantity, hour, usage, name, group: `g${at % 2}` };
      }),
    );
    await accounts.report(written);
  });

  interface Page {
    readonly rows: DetailRow[];
    readonly statements: number;
  }
  const read = (
    resource: ResourceFilter,
    limit: number,
    after?: DetailPosition,
    stretches: readonly HourRange[] = YEAR,
  ): Promise<Page> => {
    const nothing = (): Promise<void> => Promise.resolve();
    const question = { account, asked: ['$filter', ''] } as const;
    return readAsAccount(accounts.test.database, question, nothing, async (tx) => {
      let statements = 0;
      const counting = new Proxy<Tx>(tx, {
        get: (target, name) => {
          if (name === 'query') statements += 1;
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      const asked = { account, stretches, resource, unaccepted: [], after, limit };
      return { rows: await readUsageDetails(counting, asked), statements };
    });
  };
  const keyOf = (row: DetailRow): string =>
    `${row.usage} ${row.resourceUri.slice(-1)} ${row.quantity}`;
  const wantedOf = (rows: readonly NewRow[]): string[] =>
    rows
      .map(({ usage = 0, name, quantity }) => {
        const day = Math.floor(usage / 24);
        return `${day} ${name} ${quantity}`;
      })
      .toSorted();

  it('come whole, in order, and in pages of any size', async () => {
    const { rows } = await read(ALL, 1000);
    assert.deepEqual(rows.map(keyOf).toSorted(), wantedOf(written));
    assert.deepEqual(
      rows.map(({ usage }) => usage),
      rows.map(({ usage }) => usage).toSorted((a, b) => a - b),
    );
    for (const limit of [1, 2, 4, 7]) {
      const paged: DetailRow[] = [];
      for (let page = await read(ALL, limit); page.rows.length > 0;) {
        paged.push(...page.rows);
        page = await read(ALL, limit, page.rows.at(-1));
      }
      assert.deepEqual(paged, rows, String(limit));
    }
    const week = await read(ALL, 1000, undefined, [
      { from: (TODAY - 8) * 24, to: (TODAY - 2) * 24 },
    ]);
    assert.equal(week.rows.length, 9);
  });

  it('come apart where a stretch begins within a day, in pages too', async () => {
    // Usage of each day is in its first three hours.
    const cut = (TODAY - 8) * 24 + 1;
    const stretches = [
      { from: YEAR[0]!.from, to: cut },
      { from: cut, to: YEAR[0]!.to },
    ];
    const { rows } = await read(ALL, 1000, undefined, stretches);
    assert.deepEqual(rows.map(keyOf).toSorted(), wantedOf(written));
    const split = rows.filter(({ usage }) => usage === TODAY - 8);
    assert.deepEqual(
      split.map((row) => `${row.resourceUri.slice(-1)} ${row.reported}`).toSorted(),
      [`a ${YEAR[0]!.from}`, `b ${cut}`, `c ${cut}`],
    );
    for (const limit of [1, 2, 5]) {
      const paged: DetailRow[] = [];
      for (let page = await read(ALL, limit, undefined, stretches); page.rows.length > 0;) {
        paged.push(...page.rows);
        page = await read(ALL, limit, page.rows.at(-1), stretches);
      }
      assert.deepEqual(paged, rows, String(limit));
    }
  });

  it('come whole when they are filtered', async () => {
    const { rows } = await read({ ...ALL, resourceGroup: 'G1', instanceName: 'B' }, 1000);
    const kept = written.filter(({ name, group }) => name === 'b' && group === 'g1');
    assert.deepEqual(rows.map(keyOf).toSorted(), wantedOf(kept));
  });

  it('are read in a few statements, however few there are', async () => {
    const nothing = await read({ ...ALL, instanceName: 'none' }, 1001);
    assert.deepEqual([nothing.rows.length, nothing.statements], [0, 1]);
    const whole = await read(ALL, 1001);
    assert.ok(whole.statements <= 20, String(whole.statements));
    const none = await read(ALL, 1001, undefined, [
      { from: (TODAY - 362) * 24, to: (TODAY - 289) * 24 },
    ]);
    assert.deepEqual([none.rows.length, none.statements], [0, 1]);
  });
});
