import { ensureTls } from '../src/platform/index.ts';
import { hourOf, parseDirectoryTenantId, parseSubscriptionId } from '../src/kernel/index.ts';
import { listPrincipals } from '../src/identity/index.ts';
import { IntakeEngine, readEvents } from '../src/stamp/intake/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../src/stamp/directory/index.ts';
import { timed } from './figures.ts';
import { copyFloor, parseCeiling, startBareServer } from './floors.ts';
import type { Bench } from './bench.ts';
import type { SendOrder, SendResult } from './messages.ts';
import { bodyMaker, subscriptionId, SUBSCRIPTIONS, workloadOf, type Workload } from './workload.ts';

const MEDIA_TYPE = 'application/cloudevents-batch+json';

/** The batch and connections with which the large fill is sent. */
const FILL = { batch: 2000, connections: 4 } as const;

export async function prepareStamp({ database, clock, server }: Bench): Promise<void> {
  const tenantId = parseDirectoryTenantId('5b5b5b5b-0000-4000-8000-ffffffffffff')!;
  await upsertDirectoryTenant(database.pool, { tenantId, name: 'bench.example' });
  for (let i = 0; i < SUBSCRIPTIONS; i++) {
    await insertSubscription(database.pool, {
      subscriptionId: parseSubscriptionId(subscriptionId(i))!,
      displayName: `Subscription ${i}`,
      owner: `owner${i}@bench.example`,
      tenantId,
      delegatedProviderSubscriptionId: parseSubscriptionId(server.operatorSubscription)!,
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: clock.now(),
    });
  }
}

/** The intake without a network: parse, check, deduplicate, commit; beside COPY and beside JSON.parse. */
export async function measureIngest(bench: Bench, records: number): Promise<void> {
  const { report, database, clock, quick } = bench;
  const count = quick ? 400_000 : Math.min(records / 2, 2_000_000);
  const workload = workloadOf(count, hourOf(clock.now()), 'engine');
  const [{ principalId, tenantId } = missing()] = await listPrincipals(database.pool, 'client');
  const caller = { kind: 'client', principalId, tenantId } as const;
  const engine = new IntakeEngine({
    database,
    clock,
    connections: 3,
    batchRecords: 4000,
    queueBytes: 64 * 2 ** 20,
  });
  const make = bodyMaker(workload, FILL.batch);
  let next = 0;
  const { seconds } = await timed(() =>
    Promise.all(
      Array.from({ length: 8 }, async () => {
        while (next < count) {
          const first = next;
          next += FILL.batch;
          // A copy: the maker writes into the same buffer again, and what is refused is kept by its bytes.
          const body = Buffer.from(make(first));
          const { events, sourceOf } = readEvents({ 'content-type': MEDIA_TYPE }, body);
          const outcome = await engine.submit({ caller, events, sourceOf });
          if (outcome.accepted !== events.length) throw new Error('records were not accepted');
        }
      }),
    ),
  );
  const copied = await copyFloor(database, count, hourOf(clock.now()) - 24 * 60);
  report.add('ingest.engine', count / seconds, 'records/s', copied);
  report.add('floor.copy', copied, 'records/s');
  const twice = await copyFloor(database, count, hourOf(clock.now()) - 24 * 120, 2);
  report.add('floor.copy.two-streams', twice, 'records/s');
  report.add('floor.json-parse', parseCeiling(workload, count, FILL.batch), 'records/s');
}

/** Durable ingest over HTTPS: a fill of the whole size, then every batch size with every number of connections. */
export async function measureHttps(bench: Bench, records: number): Promise<void> {
  const { report, server, clock } = bench;
  const token = `Bearer ${await server.token()}`;
  const hour = hourOf(clock.now());
  const fill = orders(bench, token, workloadOf(records, hour, 'fill'));
  const bare = await bareRate(bench, fill({ firstRecord: 0, records: 200_000, ...FILL }));
  await server.memory();

  const segment = bench.quick ? records : Math.min(1_000_000, records);
  const rates: number[] = [];
  for (let sent = 0; sent < records; sent += segment) {
    const size = Math.min(segment, records - sent);
    const result = await send(bench, fill({ firstRecord: sent, records: size, ...FILL }));
    rates.push(size / result.seconds);
    report.note(`  ${(sent + size).toLocaleString('en')}: ${Math.round(rates.at(-1)!)} records/s`);
  }
  const mean = records / rates.reduce((sum, rate) => sum + segment / rate, 0);
  const copied = await copyFloor(bench.database, bench.quick ? 200_000 : 1_000_000, hour - 24 * 90);
  report.add('ingest.https', mean, 'records/s', copied);
  report.add('ingest.https.last', rates.at(-1)!, 'records/s', rates[0]);
  report.add('floor.https-bare', bare, 'records/s');
  const { peakRss } = await server.memory();
  report.add('ingest.https.memory', peakRss / 2 ** 20, 'MiB');
  if (bench.quick) return;
  await measureMatrix(bench, orders(bench, token, workloadOf(records, hour, 'matrix')));
}

/** Sends records of a run of their own as the fill does. */
export async function sendRecords(bench: Bench, records: number, run: string): Promise<SendResult> {
  const token = `Bearer ${await bench.server.token()}`;
  const order = orders(bench, token, workloadOf(records, hourOf(bench.clock.now()), run));
  return send(bench, order({ firstRecord: 0, records, ...FILL }));
}

async function measureMatrix(bench: Bench, order: OrderMaker): Promise<void> {
  let firstRecord = 0;
  for (const batch of [100, 500, 2000]) {
    for (const connections of [1, 2, 4, 8]) {
      const records = batch === 100 ? 100_000 : 200_000;
      const result = await send(bench, order({ firstRecord, records, batch, connections }));
      firstRecord += records;
      bench.report.add(
        `ingest.https.${batch}x${connections}`,
        records / result.seconds,
        'records/s',
      );
    }
  }
}

type OrderMaker = (
  part: Pick<SendOrder, 'firstRecord' | 'records' | 'batch' | 'connections'>,
) => SendOrder;

function orders({ server }: Bench, authorization: string, workload: Workload): OrderMaker {
  const { ca, baseUrl } = server;
  return (part) => ({
    url: `${baseUrl}/api/v1/events`,
    ca,
    authorization,
    workload,
    expect: 204,
    ...part,
  });
}

async function send({ sender }: Bench, order: SendOrder): Promise<SendResult> {
  const result = await sender.send(order);
  if (Object.keys(result.unexpected).length > 0) {
    throw new Error(`answers that were not expected: ${JSON.stringify(result.unexpected)}`);
  }
  return result;
}

/** The same sender against a server that only reads: how fast the two processes can talk at all. */
async function bareRate(bench: Bench, order: SendOrder): Promise<number> {
  const data = `${process.env['TMPDIR'] ?? '/tmp'}/stackmeter-bench-bare-${process.pid}`;
  const tls = await ensureTls({ data, hosts: ['127.0.0.1'], clock: bench.clock });
  const { url, server } = await startBareServer(tls);
  const result = await send(bench, { ...order, url, ca: tls.ca });
  server.close();
  return order.records / result.seconds;
}

function missing(): never {
  throw new Error('the operator is missing');
}
