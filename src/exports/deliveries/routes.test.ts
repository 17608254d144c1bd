import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { Party } from '../../../test/scenarios/billing/story.ts';
import type { Principal, Role } from '../../identity/index.ts';
import { isJsonObject, parseDirectoryTenantId, parsePrincipalId } from '../../kernel/index.ts';
import { buildApp, silentLog } from '../../platform/index.ts';
import { runDueExports } from './due.ts';
import { exportRoutes } from './routes.ts';
import { withTestExports } from './test-exports.ts';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly code: unknown;
  readonly text: string;
}

describe('the interface of exports', () => {
  const exported = withTestExports();
  let app: FastifyInstance;
  let grants: Principal['grants'] = [];
  let other: Party;

  const grantOf = (role: Role, of?: Party): Principal['grants'] => [
    { role, subscriptionId: of?.subscriptionId, resourceGroup: undefined, providers: undefined },
  ];

  before(async () => {
    await exported.open();
    other = await exported.story.customer('Other');
    app = buildApp({ log: silentLog, clock: exported.story.clock });
    exportRoutes(app, {
      ...exported.room,
      authenticate: () =>
        Promise.resolve({
          kind: 'client',
          principalId: parsePrincipalId('cccccccc-0000-4000-8000-000000000001')!,
          tenantId: parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!,
          name: 'test',
          grants,
        }),
    });
    await app.ready();
  });
  after(() => app.close());

  async function ask(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    { body, as = grantOf('Operator') }: { body?: object; as?: Principal['grants'] } = {},
  ): Promise<Answer> {
    grants = as;
    const answer = await app.inject({
      method,
      url: `/api/v1/exports${path}`,
      headers: { host: 'localhost' },
      ...(body !== undefined && { payload: body }),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    const value: unknown = isJson && answer.body !== '' ? JSON.parse(answer.body) : {};
    const fields = isJsonObject(value) ? value : {};
    const { error } = fields;
    const code = isJsonObject(error) ? error['code'] : undefined;
    return { status: answer.statusCode, body: fields, code, text: answer.body };
  }

  const itemsOf = ({ body }: Answer): Record<string, unknown>[] =>
    body['value'] as Record<string, unknown>[];

  it('makes, shows, changes, runs and forgets an export, and gives its files', async () => {
    const id = randomUUID();
    const { accountId } = exported.customer;
    const made = await ask('PUT', `/${id}`, { body: { accountId, dataset: 'focus-1.4' } });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(made.body['destination'], { kind: 'folder', path: id });
    const changed = await ask('PUT', `/${id}`, { body: { name: 'Costs', schedule: 'daily' } });
    assert.deepEqual(
      [changed.status, changed.body['name'], changed.body['dataset']],
      [200, 'Costs', 'focus-1.4'],
    );
    assert.deepEqual((await ask('GET', `/${id}`)).body, changed.body);
    const run = await ask('POST', `/${id}/run`, { body: { periods: ['202609-1'] } });
    assert.deepEqual([run.status, run.body['state']], [202, 'Queued']);
    assert.equal((await ask('POST', `/${id}/run`)).code, 'Conflict');
    await runDueExports(exported.room);
    const [listed] = itemsOf(await ask('GET', `/${id}/runs`));
    assert.deepEqual([listed?.['state'], listed?.['delivered']], ['Succeeded', 1]);
    const shown = await ask('GET', `/${id}/runs/${String(run.body['runId'])}`);
    const files = shown.body['files'] as { name: string; table?: string; bytes: number }[];
    assert.deepEqual(
      files.map(({ table }) => table ?? ''),
      ['CostAndUsage', 'InvoiceDetail', 'BillingPeriod', '', ''],
    );
    for (const { name, bytes } of files) {
      const path = `/${id}/runs/${String(run.body['runId'])}/files/${name}`;
      const file = await ask('GET', path);
      assert.deepEqual([file.status, Buffer.byteLength(file.text)], [200, bytes], name);
    }
    assert.match(
      (await ask('GET', `/${id}/runs/${String(run.body['runId'])}/files/x`)).text,
      /no file/,
    );
    assert.equal((await ask('GET', `/${id}/runs/${randomUUID()}`)).code, 'ExportRunNotFound');
    assert.equal((await ask('DELETE', `/${id}`)).status, 204);
    assert.equal((await ask('GET', `/${id}`)).code, 'ExportNotFound');
  });

  it('hides what is not the callers own, as if it were not there', async () => {
    const id = randomUUID();
    const { accountId } = exported.customer;
    const own = grantOf('Owner', exported.customer);
    const stranger = grantOf('Owner', other);
    const body = { accountId, dataset: 'focus-1.2' };
    const made = await ask('PUT', `/${id}`, { body, as: own });
    assert.equal(made.status, 201, made.text);
    assert.equal(itemsOf(await ask('GET', '', { as: own })).length, 1);
    assert.equal(itemsOf(await ask('GET', '', { as: stranger })).length, 0);
    const unknown = randomUUID();
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/run'],
      ['GET', '/runs'],
      ['GET', `/runs/${unknown}`],
    ] as const) {
      const hidden = await ask(method, `/${id}${path}`, { as: stranger });
      const missing = await ask(method, `/${unknown}${path}`, { as: stranger });
      assert.equal(hidden.status, 404, path);
      assert.equal(hidden.text.replaceAll(id, unknown), missing.text, path);
    }
    const asStranger = await ask('PUT', `/${id}`, { body, as: stranger });
    assert.equal(asStranger.code, 'BillingAccountNotFound');
    assert.equal(itemsOf(await ask('GET', `?account=${accountId}`, { as: own })).length, 1);
    const listed = await ask('GET', `?account=${accountId}`, { as: stranger });
    assert.equal(listed.code, 'BillingAccountNotFound');
    const reader = grantOf('Reader', exported.customer);
    assert.equal((await ask('GET', `/${id}`, { as: reader })).status, 200);
    assert.equal((await ask('POST', `/${id}/run`, { as: reader })).status, 403);
    assert.equal((await ask('DELETE', `/${id}`, { as: reader })).status, 403);
    assert.equal((await ask('GET', '', { as: [] })).body['value'] !== undefined, true);
  });

  it('an export belongs to one account, though two make it at once', async () => {
    for (let time = 0; time < 20; time++) {
      const id = randomUUID();
      const put = ({ accountId }: Party) =>
        ask('PUT', `/${id}`, { body: { accountId, dataset: 'focus-1.4', name: accountId } });
      const answers = await Promise.all([put(exported.customer), put(other)]);
      const made = answers.filter(({ status }) => status === 201);
      assert.equal(made.length, 1, JSON.stringify(answers));
      assert.ok(answers.some(({ code }) => code === 'Conflict' || code === 'InvalidProperty'));
      const shown = await ask('GET', `/${id}`);
      assert.equal(shown.body['accountId'], made[0]!.body['accountId']);
      assert.equal(shown.body['name'], made[0]!.body['name']);
      await ask('DELETE', `/${id}`);
    }
  });

  it('lets the operator alone choose folders, and nobody that of another export', async () => {
    const { accountId } = exported.customer;
    const put = (path: string, as?: Principal['grants']): Promise<Answer> =>
      ask('PUT', `/${randomUUID()}`, {
        body: { accountId, dataset: 'focus-1.4', destination: { kind: 'folder', path } },
        ...(as && { as }),
      });
    assert.equal((await put('finance/focus')).status, 201);
    for (const path of ['finance', 'Finance/Focus', 'finance/focus/below']) {
      assert.equal((await put(path)).code, 'Conflict', path);
    }
    for (const path of ['../x', '/etc', 'a/../b', '.hidden', 'a b']) {
      assert.equal((await put(path)).code, 'InvalidProperty', path);
    }
    assert.equal((await put('mine', grantOf('Owner', exported.customer))).code, 'InvalidProperty');
  });

  it('keeps the key of a store to itself, and sends it to no other', async () => {
    const id = randomUUID();
    const { accountId } = exported.customer;
    const store = {
      kind: 's3',
      endpoint: 'https://s3.example.org',
      bucket: 'costs',
      accessKeyId: 'me',
    };
    const body = { accountId, dataset: 'focus-1.4' };
    const secretAccessKey = 'very-secret';
    const made = await ask('PUT', `/${id}`, {
      body: { ...body, destination: { ...store, secretAccessKey } },
    });
    assert.equal(made.status, 201, made.text);
    const again = await ask('PUT', `/${id}`, { body: { destination: { ...store, prefix: 'x' } } });
    assert.equal(again.status, 200, again.text);
    const shown = await ask('GET', `/${id}`);
    assert.doesNotMatch(made.text + again.text + shown.text, /very-secret/);
    const elsewhere = { ...store, endpoint: 'https://evil.example.org' };
    const moved = await ask('PUT', `/${id}`, { body: { destination: elsewhere } });
    assert.equal(moved.code, 'InvalidProperty');
    const plain = { ...store, secretAccessKey, endpoint: 'http://s3.example.org' };
    assert.equal(
      (await ask('PUT', `/${randomUUID()}`, { body: { ...body, destination: plain } })).code,
      'InvalidProperty',
    );
    const { rows } = await exported.story.database.pool.query<{ detail: string }>(
      `select detail::text as detail from audit_event where target = $1`,
      [`/exports/${id}`],
    );
    assert.equal(rows.length, 2);
    assert.doesNotMatch(JSON.stringify(rows), /very-secret/);
  });

  it('says what does not go together', async () => {
    const { accountId } = exported.customer;
    for (const wrong of [
      {},
      { dataset: 'x' },
      { dataset: 'journal', view: 'buying' },
      { dataset: 'usage-summary' },
      { dataset: 'journal', layout: 'finops-hub', format: 'parquet' },
      { dataset: 'focus-1.2', layout: 'finops-hub', format: 'csv' },
      { dataset: 'focus-1.4', name: '' },
      { dataset: 'focus-1.4', destination: { kind: 'ftp' } },
    ]) {
      const answer = await ask('PUT', `/${randomUUID()}`, { body: { accountId, ...wrong } });
      assert.deepEqual([answer.status, answer.code], [400, 'InvalidProperty'], answer.text);
    }
    assert.equal(
      (await ask('PUT', '/no-guid', { body: { accountId, dataset: 'focus-1.4' } })).status,
      400,
    );
  });
});
