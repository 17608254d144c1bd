import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  Decimal,
  hourOf,
  meterKey,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { systemClock, type Database } from '../../platform/index.ts';
import { withTestDatabase } from '../../../test/support/database.ts';
import { closeImportedWindows, openImportedWindows } from '../aggregation/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../directory/index.ts';
import { HistoryWriter } from '../intake/index.ts';
import { insertMeters, referenceMeters } from '../meters/index.ts';
import { recordsPage } from './intake-records.ts';
import type { Dimension, MeterQuery } from './meter-query.ts';
import { firstReported, readMeterUsage, type MeterUsage } from './meter-query-store.ts';
import { readAs } from './store.ts';

const tenantId = parseDirectoryTenantId('11111111-0000-4000-8000-000000000001')!;
const SUBSCRIPTIONS = [1, 2].map((n) =>
  parseSubscriptionId(`22222222-0000-4000-8000-00000000000${n}`)!,
);
const METERS = referenceMeters.slice(0, 2);
const START: number = hourOf(Temporal.Instant.from('2018-06-01T00:00Z'));
const DAYS = 3;

/** A record: used in one hour, reported in that, a later one, or at the very start of it in the one before. */
interface Use {
  readonly subscription: number;
  readonly meter: number;
  /** undefined: in none */
  readonly group: string | undefined;
  readonly name: number;
  readonly location: string;
  readonly used: number;
  readonly reported: number;
  readonly quantity: string;
}

const use: fc.Arbitrary<Use> = fc
  .record({
    subscription: fc.nat(SUBSCRIPTIONS.length - 1),
    meter: fc.nat(METERS.length - 1),
    group: fc.constantFrom('web', 'WEB', 'db', undefined),
    name: fc.nat(2),
    location: fc.constantFrom('local', 'there'),
    used: fc.nat(DAYS * 24 - 1),
    late: fc.integer({ min: -1, max: 30 }),
    quantity: fc.tuple(fc.nat(10 ** 9), fc.nat(10 ** 9)),
  })
  .map(({ late, quantity: [whole, part], ...rest }) => ({
    ...rest,
    reported: Math.min(Math.max(rest.used + late, 0), DAYS * 24 - 1),
    quantity: `${whole}.${String(part).padStart(9, '0')}1`,
  }));

/** The same for each run. */
const USES = fc.sample(use, { numRuns: 600, seed: 2018 });

const uriOf = ({ subscription, meter, group, name }: Use): string =>
  `/subscriptions/${SUBSCRIPTIONS[subscription]}${group === undefined ? '' : `/resourceGroups/${group}`}/providers/${METERS[meter]!.resourceProvider}/things/t${name}`;

async function setUp(database: Database): Promise<void> {
  const clock = systemClock;
  await upsertDirectoryTenant(database.pool, { tenantId, name: 'tenant.example' });
  await insertMeters(database.pool, METERS);
  for (const subscriptionId of SUBSCRIPTIONS) {
    await insertSubscription(database.pool, {
      subscriptionId,
      displayName: subscriptionId,
      owner: 'owner@tenant.example',
      tenantId,
      delegatedProviderSubscriptionId:
        subscriptionId === SUBSCRIPTIONS[0] ? undefined : SUBSCRIPTIONS[0],
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: Temporal.Instant.from('2018-06-01T00:00Z'),
    });
  }
  const last = START + DAYS * 24 - 1;
  await openImportedWindows({ database, clock }, START, last);
  const outcome = await new HistoryWriter({ database, clock }).write(
    USES.map((each, number) => ({
      reportedHour: START + each.reported,
      event: {
        source: 'meter-query',
        id: String(number),
        subscriptionId: SUBSCRIPTIONS[each.subscription]!,
        resourceUri: uriOf(each),
        meterId: METERS[each.meter]!.id,
        quantity: each.quantity,
        usageStartTime: timeOf(START + each.used),
        usageEndTime: timeOf(START + each.used + 1),
        location: each.location,
        tags: '',
        additionalInfo: '',
      },
    })),
    () => undefined,
  );
  assert.equal(outcome.accepted, USES.length);
  await closeImportedWindows({ database, clock }, START, last);
}

function timeOf(hour: number): string {
  return Temporal.Instant.fromEpochMilliseconds(hour * 3_600_000).toString();
}

const sum = (uses: readonly Use[]): string =>
  uses.reduce((total, { quantity }) => total.add(Decimal.parse(quantity)!), Decimal.zero).toText();

const query: MeterQuery = {
  windowSize: undefined,
  granularity: 'hour',
  from: START,
  to: undefined,
  groupBy: [],
  filters: [],
};

describe('the usage of a meter', () => {
  const test = withTestDatabase();

  before(() => setUp(test.database));

  function read(
    asked: Partial<MeterQuery>,
    of: {
      readonly to?: number;
      readonly subscription?: number;
      readonly reader?: number;
      readonly meter?: number;
      readonly limit?: number;
    } = {},
  ): Promise<MeterUsage[]> {
    const { to = START + DAYS * 24, subscription = 0, meter = 0, limit = 10_000 } = of;
    const { reader = subscription } = of;
    const idOf = (number: number): SubscriptionId => SUBSCRIPTIONS[number]!;
    return readAs(test.database, { kind: 'tenant', subscriptionId: idOf(reader) }, (tx) =>
      readMeterUsage(tx, {
        query: { ...query, ...asked },
        to,
        reportedFrom: (asked.from ?? query.from) - 1,
        subscriptionId: idOf(subscription),
        meter: meterKey(METERS[meter]!.id),
        limit,
      }),
    );
  }

  const of = (subscription: number, meter: number): Use[] =>
    USES.filter((each) => each.subscription === subscription && each.meter === meter);

  it('is the sum of its records, to the last digit, whatever the range', async () => {
    const range = fc.tuple(fc.nat(DAYS * 24 - 1), fc.nat(DAYS * 24)).filter(([a, b]) => a < b);
    await fc.assert(
      fc.asyncProperty(range, fc.nat(1), fc.nat(1), async ([from, to], subscription, meter) => {
        const used = of(subscription, meter).filter((each) => each.used >= from && each.used < to);
        const rows = await read({ from: START + from }, { to: START + to, subscription, meter });
        const wanted = used.length === 0 ? [] : [{ window: null, groups: [], value: sum(used) }];
        assert.deepEqual(rows, wanted);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it('by the hour is under the hour of use, by the day under its day', async () => {
    const wanted = (per: number): MeterUsage[] =>
      [...Map.groupBy(of(0, 0), ({ used }) => Math.floor((START + used) / per))]
        .toSorted(([one], [other]) => one - other)
        .map(([window, used]) => ({ window, groups: [], value: sum(used) }));
    assert.deepEqual(await read({ windowSize: 'HOUR' }), wanted(1));
    const days = { windowSize: 'DAY', granularity: 'day', from: START / 24 } as const;
    assert.deepEqual(await read(days, { to: START / 24 + DAYS }), wanted(24));
  });

  it('is told apart and picked out by resource, group and location, without regard to case', async () => {
    const keyOf = ({ group, location }: Use): string => `${group?.toLowerCase() ?? ''} ${location}`;
    const wanted = [...Map.groupBy(of(0, 0), keyOf)]
      .map(([key, used]) => ({ key, value: sum(used) }))
      .toSorted((one, other) => (one.key < other.key ? -1 : 1));
    const groupBy: Dimension[] = ['resourceGroup', 'location'];
    const rows = await read({ groupBy });
    assert.deepEqual(
      rows.map(({ groups: [group = '', location], value }) => ({
        key: `${group.toLowerCase()} ${location}`,
        value,
      })),
      wanted,
    );
    const filters = [
      ['resourceGroup', 'Web'],
      ['location', 'THERE'],
    ] as const;
    const [picked] = await read({ filters });
    assert.equal(picked?.value, wanted.find(({ key }) => key === 'web there')?.value);
    const byUri = await read({ groupBy: ['resourceUri'], filters: [['resourceGroup', 'db']] });
    assert.equal(byUri.length, 3);
  });

  it('stops at the limit', async () => {
    assert.equal((await read({ windowSize: 'HOUR' }, { limit: 5 })).length, 5);
  });

  it('is nobody else’s, though it is asked for', async () => {
    assert.ok((await read({}, { subscription: 1 })).length > 0);
    assert.deepEqual(await read({}, { subscription: 1, reader: 0 }), []);
    assert.deepEqual(await read({ groupBy: ['location'] }, { subscription: 1, reader: 0 }), []);
  });

  it('is looked for from one window before its own on, or as long before as windows were opened late', async () => {
    const { pool } = test.database;
    const since = (from: number): Promise<number> =>
      firstReported(pool, { granularity: 'hour', from });
    assert.equal(await since(START + 5), START + 4);
    const [stopped, back] = [600_000, 600_010];
    await pool.query(
      `insert into reported_window (granularity, number, state, origin, opened_at)
       select 'hour', number, 'open', 'own', opened from unnest($1::int[], $2::timestamptz[]) as given (number, opened)`,
      [
        [stopped, back - 1, back],
        [timeOf(stopped), timeOf(back), timeOf(back)],
      ],
    );
    assert.equal(await since(stopped), stopped - 1);
    assert.equal(await since(back), stopped);
    assert.equal(await since(back + 1), back);
  });

  it('that came in is an error, not nothing, once its records are gone', async () => {
    const { database } = test;
    const page = (to: number): Promise<string> =>
      recordsPage(
        { database, clock: systemClock, authenticate: () => assert.fail() },
        new Map([['ingestedatto', [timeOf(START + to)]]]),
        SUBSCRIPTIONS[0]!,
      );
    assert.notEqual(await page(23), '[]');
    await database.pool.query(
      `update reported_window set records_expired_at = now() where granularity = 'hour' and number = $1`,
      [START + 10],
    );
    await assert.rejects(page(23), { code: 'UsageDataExpired', message: /11:00/ });
    assert.notEqual(await page(40), '[]');
  });
});
