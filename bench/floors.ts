import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Database } from '../src/platform/index.ts';
import { timed } from './figures.ts';
import { bodyMaker, subscriptionId, SUBSCRIPTIONS, type Workload } from './workload.ts';

/** Rows of one COPY, made before the clock starts. */
const CHUNK_ROWS = 50_000;

/**
 * Plain COPY into the very tables that the intake fills, at the size they have now: as many rows into the keyed
 * table of identities and into that of records. No check, no deduplication by hand, no acknowledgement in between.
 *
 * @param streams connections that copy at the same time
 * @returns records a second
 */
export async function copyFloor(
  database: Database,
  records: number,
  reportedHour: number,
  streams = 1,
): Promise<number> {
  await database.pool.query('select ensure_usage_partitions($1)', [reportedHour]);
  const { rows } = await database.pool.query<{ spelling: number }>(
    'select min(spelling) as spelling from meter_spelling',
  );
  const spelling = rows[0]!.spelling;
  const chunks = Array.from({ length: Math.ceil(records / CHUNK_ROWS) }, () =>
    makeChunk(reportedHour, spelling),
  );
  const { seconds } = await timed(async () => {
    let next = 0;
    await Promise.all(
      Array.from({ length: streams }, async () => {
        while (next < chunks.length) await copyChunk(database, chunks[next++]!);
      }),
    );
  });
  return (chunks.length * CHUNK_ROWS) / seconds;
}

interface Chunk {
  readonly identities: Buffer;
  readonly records: Buffer;
}

function makeChunk(reportedHour: number, spelling: number): Chunk {
  const keys = Array.from({ length: CHUNK_ROWS }, () => randomBytes(16).toString('hex')).toSorted();
  const content = createHash('md5').update('content').digest('hex');
  const start = Temporal.Instant.fromEpochMilliseconds(reportedHour * 3_600_000).toString();
  const end = Temporal.Instant.fromEpochMilliseconds((reportedHour + 1) * 3_600_000).toString();
  const identities = keys.map((key) => `${key}\t${content}\n`).join('');
  const records = keys
    .map(
      (key, i) =>
        `${reportedHour}\t${reportedHour}\t${start}\t${end}\t${subscriptionId(i % SUBSCRIPTIONS)}\t${content}\t${key}\t${spelling}\t1.${i}\n`,
    )
    .join('');
  return { identities: Buffer.from(identities), records: Buffer.from(records) };
}

async function copyChunk(database: Database, chunk: Chunk): Promise<void> {
  await database.transaction(async (tx) => {
    await pipeline(
      Readable.from([chunk.identities]),
      tx.query(copyFrom('copy record_identity from stdin')),
    );
    await pipeline(
      Readable.from([chunk.records]),
      tx.query(copyFrom('copy usage_record from stdin')),
    );
  });
}

/** Plain COPY of hourly rows with the texts of their resources, thrown away as they come. @returns rows a second */
export async function copyOutFloor(database: Database): Promise<number> {
  return database.transaction(async (tx) => {
    const { rows } = await tx.query<{ count: bigint }>(
      'select count(*) as count from usage_hourly',
    );
    const output = tx.query(
      copyTo(
        `copy (select * from usage_hourly join resource using (subscription_id, resource_key)) to stdout with csv`,
      ),
    );
    const { seconds } = await timed(async () => {
      output.resume();
      await new Promise((resolve, reject) => output.once('end', resolve).once('error', reject));
    });
    return Number.parseInt(String(rows[0]!.count), 10) / seconds;
  });
}

/** JSON.parse of the same bodies and nothing else. @returns records a second */
export function parseCeiling(workload: Workload, records: number, batch: number): number {
  const make = bodyMaker(workload, batch);
  const texts = Array.from({ length: 20 }, (_, i) => make(i * batch).toString());
  const started = performance.now();
  let parsed = 0;
  while (parsed < records) {
    for (const text of texts) parsed += (JSON.parse(text) as unknown[]).length;
  }
  return (parsed / (performance.now() - started)) * 1000;
}

/** An HTTPS server that reads each body to its end, answers 204 and does nothing else. */
export async function startBareServer(tls: {
  key: string;
  cert: string;
}): Promise<{ url: string; server: Server }> {
  const server = createServer(tls, (request, answer) => {
    request.resume();
    request.on('end', () => answer.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}
