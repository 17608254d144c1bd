import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  hourOf,
  meterKey,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { systemClock, type Database, type Tx } from '../../platform/index.ts';
import { withTestDatabase } from '../../../test/support/database.ts';
import { closeImportedWindows, openImportedWindows } from '../aggregation/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../directory/index.ts';
import { groupKey } from '../../identity/index.ts';
import { HistoryWriter } from '../intake/index.ts';
import { insertMeters, referenceMeters } from '../meters/index.ts';
import { readAs, type Reader } from './store.ts';

const tenantId = parseDirectoryTenantId('11111111-0000-4000-8000-000000000001')!;
const id = (n: number): SubscriptionId =>
  parseSubscriptionId(`22222222-0000-4000-8000-00000000000${n}`)!;

/** The root sells to TENANT and OTHER and to RESELLER, which sells to INDIRECT. Each of them uses something. */
const [ROOT, TENANT, OTHER, RESELLER, INDIRECT] = [id(0), id(1), id(2), id(3), id(4)];
const ALL = [ROOT, TENANT, OTHER, RESELLER, INDIRECT];

const FACTS = ['resource', 'usage_record', 'usage_hourly', 'usage_daily'];
const START = Temporal.Instant.from('2018-06-01T00:00Z');
const METER = referenceMeters[0]!;

async function setUp(database: Database): Promise<void> {
  const { pool } = database;
  const clock = systemClock;
  await upsertDirectoryTenant(pool, { tenantId, name: 'tenant.example' });
  await insertMeters(pool, [METER]);
  for (const subscriptionId of ALL) {
    const provider = subscriptionId === INDIRECT ? RESELLER : ROOT;
    await insertSubscription(pool, {
      subscriptionId,
      displayName: subscriptionId,
      owner: 'owner@tenant.example',
      tenantId,
      delegatedProviderSubscriptionId: subscriptionId === ROOT ? undefined : provider,
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: START,
    });
  }
  const from: number = hourOf(START);
  await openImportedWindows({ database, clock }, from, from + 23);
  const outcome = await new HistoryWriter({ database, clock }).write(
    [...ALL.map((each) => [each, 'g'] as const), [TENANT, 'ΗΣ'] as const].map(
      ([subscriptionId, group]) => ({
        reportedHour: from,
        event: {
          source: 'isolation',
          id: `${subscriptionId} ${group}`,
          subscriptionId,
          resourceUri: `/subscriptions/${subscriptionId}/ResourceGroups/${group}/providers/${METER.resourceProvider}/things/a`,
          meterId: meterKey(METER.id),
          quantity: '1',
          usageStartTime: '2018-06-01T00:00:00Z',
          usageEndTime: '2018-06-01T01:00:00Z',
          location: 'local',
          tags: '',
          additionalInfo: '',
        },
      }),
    ),
    () => undefined,
  );
  assert.equal(outcome.accepted, ALL.length + 1);
  await closeImportedWindows({ database, clock }, from, from + 23);
}

describe('invariant isolated', () => {
  const test = withTestDatabase();

  before(() => setUp(test.database));

  /** Whose rows a statement without any condition gives the reader. */
  async function seenIn(tx: Tx, table: string): Promise<string[]> {
    const { rows } = await tx.query<{ subscription_id: string }>(
      `select distinct subscription_id from ${table} order by subscription_id`,
    );
    return rows.map((row) => row.subscription_id);
  }

  const readers: [string, Reader, SubscriptionId[]][] = [
    ['a tenant', { kind: 'tenant', subscriptionId: TENANT }, [TENANT]],
    [
      'whoever has one resource group',
      { kind: 'group', subscriptionId: TENANT, resourceGroup: 'g' },
      [TENANT],
    ],
    [
      'whoever has another resource group',
      { kind: 'group', subscriptionId: TENANT, resourceGroup: `h'; select 1; --` },
      [],
    ],
    [
      'a provider',
      { kind: 'provider', providerId: ROOT, includeIndirect: false },
      [TENANT, OTHER, RESELLER],
    ],
    [
      'a provider that asks for its whole tree',
      { kind: 'provider', providerId: ROOT, includeIndirect: true },
      [TENANT, OTHER, RESELLER, INDIRECT],
    ],
    [
      'a provider below another',
      { kind: 'provider', providerId: RESELLER, includeIndirect: true },
      [INDIRECT],
    ],
    [
      'a tenant that asks as if it were a provider',
      { kind: 'provider', providerId: TENANT, includeIndirect: true },
      [],
    ],
  ];

  for (const [name, reader, own] of readers) {
    it(`shows ${name} its own rows only, whatever the statement asks for`, async () => {
      await readAs(test.database, reader, async (tx) => {
        for (const table of FACTS) assert.deepEqual(await seenIn(tx, table), own, table);
        const joined = await tx.query<{ n: bigint }>(
          'select count(distinct r.subscription_id) as n from resource r left join usage_hourly h on true',
        );
        assert.equal(joined.rows[0]?.n, BigInt(own.length), 'joined');
      });
    });
  }

  it('shows whoever has one resource group that group alone, named in any case by emitters', async () => {
    for (const resourceGroup of ['g', groupKey('ΗΣ'), 'other']) {
      await readAs(
        test.database,
        { kind: 'group', subscriptionId: TENANT, resourceGroup },
        async (tx) => {
          const { rows } = await tx.query<{ uri: string }>(
            'select resource_uri as uri from resource',
          );
          const groups = rows.map(({ uri }) => groupKey(uri.split('/')[4] ?? ''));
          assert.deepEqual(groups, resourceGroup === 'other' ? [] : [resourceGroup]);
          for (const table of ['usage_record', 'usage_hourly', 'usage_daily']) {
            const found = await tx.query(`select from ${table}`);
            assert.equal(found.rows.length, groups.length, table);
          }
        },
      );
    }
  });

  for (const role of [
    'stackmeter_tenant_reader',
    'stackmeter_provider_reader',
    'stackmeter_group_reader',
  ]) {
    /** Runs a statement under the role with nothing said about for whom. */
    const under = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
      test.database.transaction(async (tx) => {
        await tx.query(`set local role ${role}`);
        return work(tx);
      });
    const refused = (statement: string): Promise<void> =>
      assert.rejects(
        under((tx) => tx.query(statement)),
        { code: '42501' },
        statement,
      );

    it(`shows ${role} nothing when it does not say for whom it reads`, async () => {
      await under(async (tx) => {
        for (const table of FACTS) assert.deepEqual(await seenIn(tx, table), [], table);
      });
    });

    it(`lets ${role} read neither secrets nor the directory nor quarantine`, async () => {
      for (const table of [
        'principal',
        'client_credential',
        'user_account',
        'audit_event',
        'role_assignment',
        'signing_key',
        'quarantine',
        'subscription',
        'directory_tenant',
        'record_identity',
      ]) {
        await refused(`select * from ${table}`);
      }
    });

    it(`lets ${role} reach no partition past its parent`, async () => {
      for (const table of ['usage_record_20180601', 'usage_hourly_201806', 'usage_daily_2018']) {
        await refused(`select * from ${table}`);
      }
    });

    it(`lets ${role} write nothing`, async () => {
      for (const table of [...FACTS, 'meter', 'meter_spelling', 'reported_window', 'stamp_state']) {
        await refused(`delete from ${table}`);
        await refused(`truncate ${table}`);
        await refused(`insert into ${table} overriding system value select * from ${table}`);
      }
      await refused('update usage_hourly set quantity = 0');
      await refused(`update reported_window set state = 'closed'`);
      await refused('create table mine (x int)');
    });
  }

  it('does not let a tenant look at the directory through the function of providers', async () => {
    const asTenant = readAs(
      test.database,
      { kind: 'tenant', subscriptionId: TENANT },
      async (tx) => {
        await tx.query(`set local stackmeter.provider = '${ROOT}'`);
        return tx.query('select visible_subscriptions()');
      },
    );
    await assert.rejects(asTenant, { code: '42501' });
  });

  it('reads in a transaction that cannot write, even as the owner', async () => {
    const escaping = readAs(
      test.database,
      { kind: 'tenant', subscriptionId: TENANT },
      async (tx) => {
        await tx.query('reset role');
        return tx.query('delete from usage_daily');
      },
    );
    await assert.rejects(escaping, { code: '25006' });
  });

  it('carries nothing over on a pooled connection, be the work done or failed', async () => {
    const { pool } = test.database;
    const reader: Reader = { kind: 'provider', providerId: ROOT, includeIndirect: true };
    const processes = new Set<number>();
    for (const fails of [false, true]) {
      const reading = readAs(test.database, reader, async (tx) => {
        const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        processes.add(rows[0]!.pid);
        if (fails) await tx.query('select 1 / 0');
      });
      await (fails ? assert.rejects(reading, { code: '22012' }) : reading);
    }
    let looked = 0;
    for (let i = 0; i < pool.totalCount + 1; i++) {
      const { rows } = await pool.query<Record<string, string | number>>(
        `select pg_backend_pid() as pid, current_user = session_user as own,
                coalesce(current_setting('stackmeter.provider', true), '') as provider,
                coalesce(current_setting('stackmeter.subscription', true), '') as subscription,
                coalesce(current_setting('stackmeter.indirect', true), '') as indirect`,
      );
      const { pid, ...left } = rows[0]!;
      if (processes.has(pid as number)) looked += 1;
      assert.deepEqual(left, { own: true, provider: '', subscription: '', indirect: '' });
    }
    assert.ok(looked > 0, 'no connection was looked at that had read for somebody');
    await readAs(test.database, { kind: 'tenant', subscriptionId: OTHER }, async (tx) => {
      assert.deepEqual(await seenIn(tx, 'usage_daily'), [OTHER]);
    });
  });

  it('takes nothing but a GUID into the settings', async () => {
    const hostile = `${TENANT}'; reset role; --` as SubscriptionId;
    await assert.rejects(
      readAs(test.database, { kind: 'tenant', subscriptionId: hostile }, async () => undefined),
      TypeError,
    );
  });
});
