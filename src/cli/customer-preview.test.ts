import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { SYSTEM } from '../audit/index.ts';
import { addCommerceSubscription } from '../commerce/registration/index.ts';
import { parseDirectoryTenantId, parseSubscriptionId } from '../kernel/index.ts';
import { systemClock } from '../platform/index.ts';
import { Arguments } from './arguments.ts';
import { makeContext } from './context.ts';
import { preview } from './customer-preview.ts';

const BASE = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!;
const CUSTOMER = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000002')!;
const TENANT = parseDirectoryTenantId('bbbbbbbb-0000-4000-8000-000000000001')!;
const REGISTRATION = 'eeeeeeee-0000-4000-8000-000000000001';

describe('customer preview', () => {
  const test = withTestDatabase();
  let data: string;

  before(async () => {
    data = mkdtempSync(join(tmpdir(), 'customer-preview-'));
    const { database } = test;
    const changing = { clock: systemClock, actor: SYSTEM };
    await database.transaction(async (tx) => {
      for (const subscriptionId of [BASE, CUSTOMER]) {
        await addCommerceSubscription(
          tx,
          {
            subscriptionId,
            displayName: 'test',
            kind: 'CSP',
            partnerId: 'p',
            tenantId: subscriptionId === CUSTOMER ? TENANT : undefined,
            multitenancyApproved: subscriptionId === BASE,
          },
          changing,
        );
      }
      await tx.query(
        `with made as (
           insert into registration (registration_id, subscription_id, resource_group, name, cloud_id, billing_model,
             usage_reporting, marketplace_syndication, principal_id, state, etag, created_at, updated_at)
           values ($1, $2, 'azurestack', 'stamp', gen_random_uuid(), 'PayAsYouUse', true, true, gen_random_uuid(),
                   'Active', gen_random_uuid(), now(), now())
           returning registration_number as number)
         insert into reporting_period (registration_number, from_window, next_window, started_at)
         select number, 0, extract(epoch from now())::int / 3600, now() from made`,
        [REGISTRATION, BASE],
      );
      await tx.query(
        `insert into commerce_meter (local_meter_key, local_meter_id, version, commerce_meter_id, name, category,
           sub_category, region, unit, paid, origin, created_at)
         values ('vm', 'VM', 1, 'VM', 'VM Hours', '', '', 'Azure Stack', '1 Hour', true, 'operator', now())`,
      );
      await tx.query('select ensure_reported_partition(extract(epoch from now())::int / 3600 - 1)');
      await tx.query(
        `insert into reported_usage
         select registration_number, hour, gen_random_uuid(), hour, gen_random_uuid(), meter, 1, 0.30, $1, null, $2, true
         from registration, commerce_meter, (select extract(epoch from now())::int / 3600 - 1 as hour) as present`,
        [TENANT, BASE],
      );
    });
  });
  after(() => rmSync(data, { recursive: true }));

  async function run(options: object, json = false): Promise<string> {
    const chunks: Buffer[] = [];
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    const context = makeContext(
      { data, databaseUrl: test.url, json },
      { out, err: out, isScreen: false },
    );
    await preview(context, new Arguments([REGISTRATION, CUSTOMER], { ...options }));
    return chunks.join('');
  }

  it('tells where usage goes, where it would go, and what came lately', async () => {
    const text = await run({});
    assert.match(text, new RegExp(`goes to ${BASE}, and would go to ${CUSTOMER}\\.`));
    assert.match(text, new RegExp(`${BASE} +VM +VM Hours +1 +0\\.3 +1 Hour`));
  });

  it('says so when nothing came in of a directory', async () => {
    const text = await run({ tenant: 'bbbbbbbb-0000-4000-8000-000000000002', shared: true });
    assert.match(text, /Nothing came in/);
  });

  it('gives the same as JSON, exactly', async () => {
    const text = await run({ days: '2' }, true);
    assert.match(text, /"quantity": 0\.3\b/);
    assert.partialDeepStrictEqual(JSON.parse(text), {
      tenantId: String(TENANT),
      registrations: [
        {
          registrationId: REGISTRATION,
          presentSubscriptionId: String(BASE),
          futureSubscriptionId: String(CUSTOMER),
          usage: [{ rows: 1, meterId: 'VM' }],
        },
      ],
    });
  });

  it('refuses days and directories that cannot be', async () => {
    for (const options of [{ days: '0' }, { days: 'x' }, { tenant: 'x' }]) {
      await assert.rejects(run(options), { code: 'InvalidProperty' });
    }
  });
});
