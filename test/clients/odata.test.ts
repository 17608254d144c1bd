import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { Agent, request as httpsRequest } from 'node:https';
import { OData } from '@odata/client';
import { SYSTEM } from '../../src/audit/index.ts';
import { addClient, scopeOf, type NewClient, type Scope } from '../../src/identity/index.ts';
import { parseSubscriptionId } from '../../src/kernel/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { withTestDatabase } from '../support/database.ts';
import { withStage } from '../support/stage.ts';

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

interface Rows {
  readonly value: readonly Readonly<Record<string, unknown>>[];
  readonly '@odata.count'?: number;
  readonly '@odata.nextLink'?: string;
}

describe('the OData feed', () => {
  const test = withTestDatabase();
  describe('on a server', () => {
    const stage = withStage(test);
    let ca: string;
    let operator: Client;
    let owner: Client;
    let nobody: Client;
    let subscription: string;

    const client = (assignment: Omit<NewClient, 'name'>): Promise<Client> =>
      addClient(
        stage.server.database.pool,
        { name: `feed ${assignment.scope}`, ...assignment },
        { clock: systemClock, homeTenantId: stage.server.stamp.homeTenantId, actor: SYSTEM },
      );

    before(async () => {
      ca = await readFile(stage.server.caFile, 'utf8');
      const { rows } = await stage.server.database.pool.query<{ id: string }>(
        `select subscription_id as id from usage_daily group by 1 order by count(*) desc limit 1`,
      );
      subscription = rows[0]!.id;
      const scope: Scope = scopeOf(parseSubscriptionId(subscription)!);
      operator = await client({ role: 'Operator', scope: '/' });
      owner = await client({ role: 'Reader', scope });
      nobody = await client({ role: 'Emitter', scope });
    });

    const read = (
      { clientId, clientSecret }: Client,
      path: string,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const url = new URL(path, `${stage.server.baseUrl}/odata/v1/`);
        const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
        httpsRequest(url, { ca, headers: { authorization, ...headers }, agent }, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(parts).toString(),
            }),
          );
        })
          .on('error', reject)
          .end();
      });
    const agent = new Agent({ keepAlive: false });

    const rowsOf = async (who: Client, path: string, headers = {}): Promise<Rows> => {
      const { status, text } = await read(who, path, headers);
      assert.equal(status, 200, text);
      return JSON.parse(text);
    };

    /** All rows, page by page. */
    const allOf = async (
      who: Client,
      path: string,
      pageSize: number,
    ): Promise<readonly Readonly<Record<string, unknown>>[]> => {
      const rows: Readonly<Record<string, unknown>>[] = [];
      let next: string | undefined = path;
      while (next !== undefined) {
        const page: Rows = await rowsOf(who, next, { prefer: `odata.maxpagesize=${pageSize}` });
        assert.ok(page.value.length <= pageSize);
        rows.push(...page.value);
        next = page['@odata.nextLink'];
      }
      return rows;
    };

    const count = async (sql: string, values: readonly unknown[] = []): Promise<number> => {
      const { rows } = await stage.server.database.pool.query<{ count: string }>(
        `select count(*)::text as count from ${sql}`,
        [...values],
      );
      return Number.parseInt(rows[0]!.count, 10);
    };

    it('is read by a client that knows nothing of us', async () => {
      const service = `${stage.server.baseUrl}/odata/v1/`;
      const odata = OData.New4({
        metadataUri: `${service}$metadata`,
        serviceEndpoint: service,
        credential: { username: operator.clientId, password: operator.clientSecret },
        fetchProxy: async (url, init) => {
          const headers = Object.fromEntries(new Headers(init?.headers as Record<string, string>));
          const { status, headers: sent, text } = await read(operator, url, headers);
          return {
            content: sent['content-type']?.includes('json') === true ? JSON.parse(text) : text,
            response: new Response(text, { status }),
          };
        },
      });
      const invoices = odata.getEntitySet('Invoices');
      const all = await invoices.find({});
      assert.equal(all.length, await count('invoice'));
      const number = String(all[0]!['Number']);
      const one = await invoices.retrieve(number);
      assert.equal(one['Number'], number);
      const filtered = await invoices.query(
        odata
          .newOptions()
          .filter(odata.newFilter().property('Number').eq(number))
          .select(['Number']),
      );
      assert.deepEqual(
        filtered.map((row) => row['Number']),
        [number],
      );
      assert.equal(await odata.getEntitySet('Costs').count(), await count('rated_line'));
    });

    it('has what its schema says, in every set', async () => {
      const { text } = await read(operator, '$metadata');
      const sets = [...text.matchAll(/<EntitySet Name="(\w+)" EntityType="Stackmeter\.(\w+)"/g)];
      assert.equal(sets.length, 7);
      for (const [, set = '', type = ''] of sets) {
        const [, body = ''] =
          new RegExp(`<EntityType Name="${type}">(.*?)</EntityType>`, 's').exec(text) ?? [];
        const properties = [...body.matchAll(/<Property Name="(\w+)"/g)].map(([, name]) => name);
        const keys = [...body.matchAll(/<PropertyRef Name="(\w+)"/g)].map(([, name]) => name);
        const { value } = await rowsOf(operator, `${set}?$top=3`);
        assert.ok(value.length > 0, set);
        for (const row of value) assert.deepEqual(Object.keys(row), properties, set);
        assert.ok(keys.every((key) => properties.includes(key)));
        const first = value[0]!;
        const literal = (key: string): string => {
          const plain = new RegExp(`Name="${key}" Type="Edm.String"`).test(body);
          return plain ? `'${String(first[key])}'` : String(first[key]);
        };
        const address = `${set}(${keys.map((key) => `${key}=${literal(String(key))}`).join(',')})`;
        const { text: one } = await read(operator, encodeURI(address));
        const { '@odata.context': context, ...entity } = JSON.parse(one);
        assert.ok(context.endsWith(`#${set}/$entity`), one);
        assert.deepEqual(entity, first);
      }
    });

    it('gives all rows once, whatever the size of its pages', async () => {
      const rows = await allOf(
        operator,
        'DailyUsage?$select=ReportedTime,ResourceKey,UsageStartTime,MeterNumber,SubscriptionId',
        997,
      );
      assert.equal(rows.length, await count('usage_daily'));
      assert.equal(new Set(rows.map((row) => JSON.stringify(row))).size, rows.length);
      const costs = await allOf(operator, 'Costs?$select=ChargeId,UsageDate,ResourceKey', 4999);
      assert.equal(costs.length, await count('rated_line'));
      assert.equal(new Set(costs.map((row) => JSON.stringify(row))).size, costs.length);
      assert.equal(
        (await allOf(operator, 'DailyUsage?$top=2500&$select=MeterId', 1000)).length,
        2500,
      );
      const sorted = await allOf(operator, 'Invoices?$orderby=Gross desc,Number', 2);
      const amounts = sorted.map((row) => Number(row['Gross']));
      assert.deepEqual(
        amounts,
        amounts.toSorted((one, other) => other - one),
      );
    });

    it('sums up to what was invoiced', async () => {
      const { text } = await read(operator, 'InvoiceLines', {
        accept: 'application/json;IEEE754Compatible=true',
      });
      const { value } = JSON.parse(text) as Rows;
      assert.ok(value.every((row) => typeof row['Amount'] === 'string'));
      const { rows } = await stage.server.database.pool.query<{ number: string; net: string }>(
        `select i.number, trim_scale(sum(case when i.kind = 'credit-note' then -l.amount else l.amount end))::text as net
       from invoice i join invoice_line l using (invoice_id) group by 1 order by 1`,
      );
      const wanted = await stage.server.database.pool.query<{ number: string; net: string }>(
        `select number, trim_scale(case when kind = 'credit-note' then -net else net end)::text as net from invoice order by 1`,
      );
      assert.deepEqual(rows, wanted.rows);
      assert.equal(value.length, await count('invoice_line'));
    });

    it('finds rows by time, as the usage interface does', async () => {
      const { rows } = await stage.server.database.pool.query<{ day: number; rows: string }>(
        `select reported_day as day, count(*)::text as rows from usage_daily group by 1 order by 1 desc limit 1`,
      );
      const { day, rows: wanted } = rows[0]!;
      const at = (number: number): string =>
        Temporal.Instant.fromEpochMilliseconds(number * 86_400_000).toString();
      const filter = `ReportedTime ge ${at(day)} and ReportedTime lt ${at(day + 1)}`;
      const { text } = await read(
        operator,
        `DailyUsage/$count?$filter=${encodeURIComponent(filter)}`,
      );
      assert.equal(text, wanted);
      const counted = await rowsOf(
        operator,
        `DailyUsage?$filter=${encodeURIComponent(filter)}&$count=true&$top=0`,
      );
      assert.deepEqual([counted['@odata.count'], counted.value.length], [Number(wanted), 0]);
    });

    it('shows each caller its own', async () => {
      const own = await allOf(owner, 'DailyUsage?$select=SubscriptionId', 5000);
      assert.equal(
        own.length,
        await count('usage_daily where subscription_id = $1', [subscription]),
      );
      assert.deepEqual(new Set(own.map((row) => row['SubscriptionId'])), new Set([subscription]));
      const names = await rowsOf(owner, 'Subscriptions');
      assert.deepEqual(
        names.value.map((row) => row['SubscriptionId']),
        [subscription],
      );
      // A subscription of the stamp is no account of commerce.
      for (const set of ['Costs', 'Invoices', 'InvoiceLines']) {
        assert.equal((await read(owner, set)).status, 403, set);
        assert.equal((await read(nobody, set)).status, 403, set);
      }
      assert.equal((await read(nobody, 'DailyUsage')).status, 403);
    });

    it('opens no page of another question', async () => {
      const page = await rowsOf(operator, 'DailyUsage?$top=900', { prefer: 'maxpagesize=10' });
      const link = new URL(page['@odata.nextLink']!);
      link.searchParams.set('$filter', 'Quantity gt 1');
      assert.equal((await read(operator, link.href)).status, 400);
      const token = link.searchParams.get('$skiptoken')!;
      assert.equal((await read(operator, `HourlyUsage?$top=900&$skiptoken=${token}`)).status, 400);
      // What it continues is still read as who asks.
      link.searchParams.delete('$filter');
      const other = await rowsOf(owner, link.href, { prefer: 'maxpagesize=10' });
      assert.ok(other.value.every((row) => row['SubscriptionId'] === subscription));
    });

    const refused: readonly (readonly [path: string, status: number])[] = [
      ['Nothing', 404],
      ["Invoices('none')", 404],
      ['InvoiceLines(3)', 400],
      ['DailyUsage?$orderby=Quantity', 400],
      ['DailyUsage?$filter=Quantity', 400],
      ['DailyUsage?$expand=Meter', 400],
      ['DailyUsage?$top=-1', 400],
      ['DailyUsage?$skip=100001', 400],
      ['DailyUsage?$format=xml', 400],
      ['DailyUsage?$select=Nothing', 400],
    ];
    for (const [path, status] of refused) {
      it(`refuses ${path}`, async () => {
        const answer = await read(operator, path);
        assert.equal(answer.status, status, answer.text);
        const { error } = JSON.parse(answer.text);
        assert.ok(typeof error.code === 'string' && typeof error.message === 'string');
      });
    }

    it('keeps every digit', async () => {
      const { rows } = await stage.server.database.pool.query<{ quantity: string }>(
        `select quantity::text as quantity from usage_daily order by length(quantity::text) desc limit 1`,
      );
      const { quantity } = rows[0]!;
      const filter = encodeURIComponent(`Quantity eq ${quantity}`);
      const { text } = await read(operator, `DailyUsage?$filter=${filter}&$top=1&$select=Quantity`);
      assert.ok(text.includes(`"Quantity":${quantity}`), text);
    });
  });
});
