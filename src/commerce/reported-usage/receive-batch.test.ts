import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { hourNumber, parseMeterId } from '../../kernel/index.ts';
import { digestOfBatch, windowName, writeBatch, type Batch } from '../../reporting/index.ts';
import { putCustomerMapping } from '../registration/index.ts';
import { setCommerceMeter } from './meter-store.ts';
import {
  BASE,
  batchesOf,
  batchOf,
  codeOf,
  CUSTOMER_TENANT,
  FIRST,
  IP_METER,
  manifestOf,
  rowOf,
  somebody,
  STAMP_SUBSCRIPTION,
  withTestCommerce,
  type TestStamp,
} from './test-commerce.ts';

interface KeptRow {
  readonly account: string;
  readonly mapping: number | null;
  readonly billable: boolean;
  readonly quantity: string;
  readonly meter: string;
  readonly version: number;
  readonly origin: string;
  readonly uri: string;
}

describe('receiving batches', () => {
  const commerce = withTestCommerce();
  const rowsOf = async ({ registration }: TestStamp): Promise<KeptRow[]> => {
    const { rows } = await commerce.test.database.pool.query<KeptRow>(
      `select u.customer_subscription_id as account, u.mapping, u.billable, u.quantity, m.local_meter_key as meter,
              m.version, m.origin, r.resource_uri as uri
       from reported_usage u join commerce_meter m using (meter)
       join reported_resource r using (customer_subscription_id, resource_key)
       where registration_number = $1 order by u.sequence, u.usage_hour, m.local_meter_key, r.resource_uri`,
      [registration.number],
    );
    return rows;
  };

  it('takes a batch once, and compares it when it comes again', async () => {
    const stamp = await commerce.register();
    const batch = batchOf([
      rowOf({ quantity: '0.000000000000000001' }),
      rowOf({ resource: 1, quantity: '12.50' }),
      rowOf({ resource: 1, meterId: IP_METER, usageHour: FIRST - 700, quantity: '0' }),
    ]);
    const first = await commerce.putBatch(stamp, batch);
    const digest = digestOfBatch(writeBatch(batch));
    assert.equal(first.statusCode, 201, first.body);
    assert.deepEqual(first.json(), { window: '2026-11-23T10Z', sequence: 1, rows: 3, digest });
    const second = await commerce.putBatch(stamp, batch);
    assert.deepEqual([second.statusCode, second.json()], [200, first.json()]);
    const altered = { ...batch, rows: batch.rows.slice(1) };
    const third = await commerce.putBatch(stamp, altered);
    assert.deepEqual([third.statusCode, codeOf(third)], [409, 'ReportedBatchAltered']);
    const rows = await rowsOf(stamp);
    assert.deepEqual(
      rows.map(({ quantity, billable, account, mapping }) => [
        quantity,
        billable,
        account,
        mapping,
      ]),
      [
        ['0', false, BASE, null],
        ['0.000000000000000001', true, BASE, null],
        ['12.5', true, BASE, null],
      ],
    );
  });

  it('takes no window but the next', async () => {
    const stamp = await commerce.register();
    for (const hour of [FIRST - 1, FIRST + 1]) {
      const [batch] = batchesOf(hourNumber(hour), 1);
      const refused = await commerce.putBatch(stamp, batch!);
      assert.deepEqual([refused.statusCode, codeOf(refused)], [409, 'ReportedWindowGap']);
      assert.match(refused.body, /2026-11-23T10Z has to come next/);
    }
    assert.deepEqual(await rowsOf(stamp), []);
  });

  it('answers repeats of batches of windows that were accepted', async () => {
    const stamp = await commerce.register();
    const batches = batchesOf(FIRST, 2);
    assert.equal((await commerce.send(stamp, batches)).statusCode, 201);
    assert.equal((await commerce.putBatch(stamp, batches[1]!)).statusCode, 200);
    const altered = { ...batches[1]!, rows: [rowOf({ quantity: '2' })] };
    assert.equal(codeOf(await commerce.putBatch(stamp, altered)), 'ReportedBatchAltered');
    const further = { ...batches[1]!, sequence: 3 };
    assert.equal(codeOf(await commerce.putBatch(stamp, further)), 'ReportedBatchAltered');
  });

  it('takes batches of a window side by side, and the same ones sent twice at a time once', async () => {
    const stamp = await commerce.register();
    const unlisted = parseMeterId('side-by-side')!;
    const batches = Array.from({ length: 12 }, (_, at) =>
      batchOf(
        [rowOf({ usageHour: FIRST - at }), rowOf({ usageHour: FIRST - at, meterId: unlisted })],
        { sequence: at + 1 },
      ),
    );
    const sent = await Promise.all(
      [...batches, ...batches].map((batch) => commerce.putBatch(stamp, batch)),
    );
    const codes = sent.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
    assert.deepEqual(codes, [...Array(12).fill(200), ...Array(12).fill(201)]);
    assert.equal((await rowsOf(stamp)).length, 24);
    assert.equal((await commerce.putManifest(stamp, manifestOf(batches))).statusCode, 201);
  });

  it('refuses rows that the window has already, and keeps nothing of the batch', async () => {
    const stamp = await commerce.register();
    await commerce.putBatch(stamp, batchOf([rowOf()]));
    const again = batchOf([rowOf({ usageHour: FIRST - 1 }), rowOf({ quantity: '3' })], {
      sequence: 2,
    });
    const refused = await commerce.putBatch(stamp, again);
    assert.deepEqual([refused.statusCode, codeOf(refused)], [400, 'InvalidReport']);
    const twice = batchOf([rowOf({ usageHour: 9 }), rowOf({ usageHour: 9 })], { sequence: 2 });
    assert.equal(codeOf(await commerce.putBatch(stamp, twice)), 'InvalidReport');
    assert.equal((await rowsOf(stamp)).length, 1);
    const { rows } = await commerce.test.database.pool.query(
      'select from reported_batch where registration_number = $1',
      [stamp.registration.number],
    );
    assert.equal(rows.length, 1);
  });

  it('books by the mapping in force when the batch arrives', async () => {
    const stamp = await commerce.register();
    const one = await commerce.addSubscription();
    const other = await commerce.addSubscription();
    const { changing } = commerce;
    const mapTo = (customerSubscriptionId: typeof one): Promise<unknown> =>
      commerce.test.database.transaction((tx) =>
        putCustomerMapping(
          tx,
          stamp.registration,
          { customerSubscriptionId, tenantId: CUSTOMER_TENANT, shared: false },
          changing,
        ),
      );
    const batches = batchesOf(FIRST, 3);
    await commerce.putBatch(stamp, batches[0]!);
    commerce.clock.advance(1000);
    await mapTo(one);
    await commerce.putBatch(stamp, batches[1]!);
    commerce.clock.advance(1000);
    await mapTo(other);
    commerce.clock.advance(1000);
    await commerce.putBatch(stamp, batches[2]!);
    const rows = await rowsOf(stamp);
    assert.deepEqual(
      rows.map(({ account }) => account),
      [BASE, one, other],
    );
    assert.equal(rows[0]!.mapping, null);
    assert.notEqual(rows[1]!.mapping, rows[2]!.mapping);
    assert.equal((await commerce.putManifest(stamp, manifestOf(batches))).statusCode, 201);
  });

  it('books by the newest version of a meter, and enters one that nobody has', async () => {
    const stamp = await commerce.register();
    const meterId = parseMeterId('Example-Meter')!;
    const send = async (sequence: number, spelled = meterId): Promise<void> => {
      const batch = batchOf([rowOf({ meterId: spelled, usageHour: FIRST - sequence })], {
        sequence,
      });
      const { statusCode, body } = await commerce.putBatch(stamp, batch);
      assert.equal(statusCode, 201, body);
    };
    await send(1);
    await send(2, parseMeterId('EXAMPLE-METER'));
    await commerce.test.database.transaction((tx) =>
      setCommerceMeter(tx, { localMeterId: 'example-meter', paid: true }, commerce.changing),
    );
    await send(3);
    assert.deepEqual(
      (await rowsOf(stamp)).map(({ meter, version, origin, billable }) => [
        meter,
        version,
        origin,
        billable,
      ]),
      [
        ['example-meter', 1, 'unlisted', false],
        ['example-meter', 1, 'unlisted', false],
        ['example-meter', 2, 'operator', true],
      ],
    );
  });

  it('counts nothing as paid under a billing model that pays by capacity or not at all', async () => {
    const stamp = await commerce.register({ billingModel: 'Development' });
    await commerce.putBatch(stamp, batchOf([rowOf(), rowOf({ meterId: IP_METER })]));
    assert.deepEqual(
      (await rowsOf(stamp)).map(({ billable }) => billable),
      [false, false],
    );
  });

  it('keeps the texts of a resource byte for byte, once for each account', async () => {
    const stamp = await commerce.register();
    const odd = {
      subscriptionId: STAMP_SUBSCRIPTION,
      tenantId: CUSTOMER_TENANT,
      resourceUri: '/subscriptions/ÄÖ ',
      location: '',
      tags: '{"a" : "☃" }',
      additionalInfo: '',
    };
    const resources = [odd, odd, { ...odd, location: odd.tags, tags: '' }];
    const rows = [0, 1, 2].map((resource) => rowOf({ resource, usageHour: FIRST - resource }));
    const { statusCode } = await commerce.putBatch(stamp, batchOf(rows, { resources }));
    assert.equal(statusCode, 201);
    const { rows: kept } = await commerce.test.database.pool.query<object>(
      `select resource_uri, location, tags from reported_resource where resource_uri = $1 order by location`,
      [odd.resourceUri],
    );
    assert.deepEqual(kept, [
      { resource_uri: odd.resourceUri, location: '', tags: odd.tags },
      { resource_uri: odd.resourceUri, location: odd.tags, tags: '' },
    ]);
  });

  it('reads bodies that are compressed, and hashes what was in them', async () => {
    const stamp = await commerce.register();
    const put = (batch: Batch, encoding: string, body: Buffer) =>
      commerce.call(stamp.principal, {
        method: 'PUT',
        url: `${stamp.path}/windows/${windowName(batch.window)}/batches/${batch.sequence}`,
        body,
        headers: { 'content-encoding': encoding },
      });
    const [one, two, three] = batchesOf(FIRST, 3);
    const zstd = await put(one!, 'zstd', zstdCompressSync(writeBatch(one!)));
    assert.equal(zstd.statusCode, 201, zstd.body);
    assert.equal(zstd.json<{ digest: string }>().digest, digestOfBatch(writeBatch(one!)));
    const gzip = await put(two!, 'gzip', gzipSync(writeBatch(two!)));
    assert.equal(gzip.statusCode, 201, gzip.body);
    const broken = await put(three!, 'gzip', Buffer.from('not gzip'));
    assert.deepEqual([broken.statusCode, codeOf(broken)], [400, 'InvalidRequestContent']);
    const unknown = await put(three!, 'br', Buffer.from(writeBatch(three!)));
    assert.equal(codeOf(unknown), 'UnsupportedMediaType');
    for (const compress of [zstdCompressSync, gzipSync]) {
      const bomb = compress(Buffer.alloc(17 * 1024 * 1024));
      const coding = compress === gzipSync ? 'gzip' : 'zstd';
      const refused = await put(three!, coding, bomb);
      assert.deepEqual([refused.statusCode, codeOf(refused)], [413, 'PayloadTooLarge']);
    }
  });

  it('refuses what is not in the form, or not of the address', async () => {
    const stamp = await commerce.register();
    const [batch] = batchesOf(FIRST, 1);
    const put = (body: string, window = windowName(FIRST), sequence = '1') =>
      commerce.call(stamp.principal, {
        method: 'PUT',
        url: `${stamp.path}/windows/${window}/batches/${sequence}`,
        body,
      });
    const text = writeBatch(batch!);
    const nul = { ...batch!, resources: [{ ...batch!.resources[0]!, tags: 'a\0b' }] };
    const greek = batchOf([rowOf({ meterId: parseMeterId('ΜΕΤΕΡ')! })]);
    const tries = [
      await put(''),
      await put('{'),
      await put('[]'),
      await put(text, windowName(hourNumber(FIRST + 1))),
      await put(text, windowName(FIRST), '2'),
      await put(text, windowName(FIRST), '0'),
      await put(text, '2026-11-23T10:30Z'),
      await put(writeBatch(nul)),
      await put(writeBatch(greek)),
      await put(text.replace('"version":1', '"version":2')),
    ];
    assert.deepEqual(
      tries.map((answer) => [answer.statusCode, codeOf(answer)]),
      tries.map(() => [400, 'InvalidReport']),
    );
    assert.deepEqual(await rowsOf(stamp), []);
  });

  it('tells nobody but the stamp itself that there is a registration', async () => {
    const stamp = await commerce.register();
    const stranger = { ...stamp, principal: (await commerce.register()).principal };
    const operator = {
      role: 'Operator',
      subscriptionId: undefined,
      resourceGroup: undefined,
      providers: undefined,
    } as const;
    for (const caller of [stranger, { ...stamp, principal: somebody([operator]) }]) {
      const [batch] = batchesOf(FIRST, 1);
      const refused = await commerce.putBatch(caller, batch!);
      assert.deepEqual([refused.statusCode, codeOf(refused)], [404, 'RegistrationNotFound']);
      assert.equal(
        codeOf(await commerce.putManifest(caller, manifestOf([batch!]))),
        'RegistrationNotFound',
      );
      const seen = await commerce.call(caller.principal, { method: 'GET', url: caller.path });
      assert.equal(codeOf(seen), 'RegistrationNotFound');
    }
    const absent = await commerce.call(stamp.principal, {
      method: 'GET',
      url: '/api/v1/reported-usage/nothing',
    });
    assert.equal(codeOf(absent), 'RegistrationNotFound');
  });
});
