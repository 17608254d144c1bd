import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { OData } from '@odata/client';
import { SYSTEM } from '../../src/audit/index.ts';
import { addClient, scopeOf, type NewClient, type Scope } from '../../src/identity/index.ts';
import { parseSubscriptionId } from '../../src/kernel/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { withStage, withStageDatabase } from '../support/stage.ts';
import { feedReader, type FeedClient, type Rows } from './feed-reader.ts';

describe('the OData feed', () => {
  const test = withStageDatabase();
  describe('on a server', () => {
    const stage = withStage(test);
    let ca: string;
    let operator: FeedClient;
    let owner: FeedClient;
    let nobody: FeedClient;
    let subscription: string;

    const client = (assignment: Omit<NewClient, 'name'>): Promise<FeedClient> =>
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

    const { read, rowsOf, allOf } = feedReader(() => ({ baseUrl: stage.server.baseUrl, ca }));

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
      ['DailyUsage?$format=xml', 415],
      ['DailyUsage?$filter=ReportedTime ge 0000-01-01T00:00:00Z', 400],
      ['Costs?$filter=UsageDate lt 0000-01-01', 400],
      ['Meters?$filter=substring(Name,1e30) eq null and MeterNumber div 0 eq 1', 400],
      ['DailyUsage?$select=Nothing', 400],
    ];
    for (const [path, status] of refused) {
      it(`refuses ${path}`, async () => {
        const answer = await read(operator, path);
        assert.equal(answer.status, status, answer.text);
        assert.equal(answer.headers['odata-version'], '4.0');
        const { error } = JSON.parse(answer.text);
        assert.ok(typeof error.code === 'string' && typeof error.message === 'string');
      });
    }

    it('counts once for all pages, and says it on each', async () => {
      const prefer = { prefer: 'maxpagesize=3' };
      const wanted = await count('meter');
      const first = await rowsOf(operator, 'Meters?$count=true&$orderby=Name', prefer);
      await stage.server.database.pool.query(
        `insert into meter (meter_id, meter_key, name, unit, unit_kind, resource_provider, category, origin)
         select meter_id || '-new', meter_key || '-new', name, unit, unit_kind, resource_provider, category, origin
         from meter limit 1`,
      );
      const second = await rowsOf(operator, first['@odata.nextLink']!, prefer);
      assert.deepEqual([first['@odata.count'], second['@odata.count']], [wanted, wanted]);
      assert.notDeepEqual(second.value, first.value);
    });

    it('gives what a charge without quantity costs once', async () => {
      const { pool } = stage.server.database;
      const { rows } = await pool.query<{ charge: string }>(
        `insert into charge (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable, quantity, amount)
         select account_id, period, plan, customer_subscription_id, subscription_id, meter, not billable, 0, 7.5
         from charge where charge = (select charge from rated_line group by 1 having count(*) > 3 limit 1)
         returning charge::text`,
      );
      const { charge } = rows[0]!;
      await pool.query(
        `insert into rated_line (account_id, charge, usage_day, resource_key, quantity, rows, first_reported, last_reported)
         select l.account_id, $1, usage_day, resource_key, case row_number() over () when 1 then 2 when 2 then -2 else 0 end, 1, 1, 1
         from rated_line l where charge = (select charge from rated_line group by 1 having count(*) > 3 limit 1)`,
        [charge],
      );
      const found = await rowsOf(operator, `Costs?$filter=ChargeId eq ${charge}&$select=Cost`);
      assert.ok(found.value.length > 3);
      assert.deepEqual(
        found.value.map((row) => row['Cost']),
        found.value.map((_, at) => (at === 0 ? 7.5 : 0)),
      );
    });

    it('asks programs for a password, as they expect it', async () => {
      const answer = await read({ clientId: 'x', clientSecret: 'y' }, 'Invoices');
      assert.equal(answer.status, 401);
      assert.match(String(answer.headers['www-authenticate']), /^Bearer .+, Basic realm=".+"/);
    });

    it('takes addresses as clients write them', async () => {
      const wanted = String(await count('invoice'));
      for (const path of ['Invoices/$count', 'Invoices/%24count', 'Invoices/%24count?%24filter=']) {
        assert.equal((await read(operator, path)).text, wanted, path);
      }
      assert.equal((await read(operator, '%24metadata?$format=xml')).status, 200);
      const headers = { accept: 'application/json;odata.metadata=minimal,application/atom+xml' };
      const path = 'Invoices?$top=1&$select=Number,%20Gross&$orderby=Gross+desc,Number&_=1&sap-x=2';
      const { value } = await rowsOf(operator, path, headers);
      const sized = await read(operator, 'Invoices', { prefer: 'odata.maxpagesize=99999' });
      assert.equal(sized.headers['preference-applied'], 'odata.maxpagesize=10000');
      assert.deepEqual(Object.keys(value[0]!), ['Number', 'Gross']);
      assert.equal(
        (await read(operator, 'Invoices', { accept: 'application/atom+xml' })).status,
        415,
      );
    });

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
