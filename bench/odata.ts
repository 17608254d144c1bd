import type { Bench } from './bench.ts';
import { copyOutFloor } from './floors.ts';
import { openGetter } from './get.ts';

/** Rows that are read, where there are as many: what a report of a month asks for at once. */
const ROWS = 1_000_000;
const PAGE = 10_000;

/** A table of the feed read to its end, as Power BI does, and what the server grew by meanwhile. */
export async function measureFeed(bench: Bench): Promise<void> {
  const { report, server } = bench;
  const pages = await openGetter(server, { prefer: `odata.maxpagesize=${PAGE}` });
  let next: string | undefined = `${server.baseUrl}/odata/v1/HourlyUsage?$top=${ROWS}`;
  await pages.get(`${next}&$skip=1`);
  const { rss: before } = await server.memory();
  const started = performance.now();
  let rows = 0;
  while (next !== undefined) {
    const page = JSON.parse(await pages.get(next)) as {
      value: unknown[];
      '@odata.nextLink'?: string;
    };
    rows += page.value.length;
    next = page['@odata.nextLink'];
  }
  const seconds = (performance.now() - started) / 1000;
  pages.close();
  const { peakRss } = await server.memory();
  report.add('feed.rows', rows, 'rows');
  report.add('feed.stream', rows / seconds, 'rows/s', await copyOutFloor(bench.database));
  report.add('feed.stream.growth', (peakRss - before) / 2 ** 20, 'MiB');
}
