import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { listAudit } from '../../audit/index.ts';
import type { Principal, Role } from '../../identity/index.ts';
import {
  isJsonObject,
  parseDirectoryTenantId,
  parsePrincipalId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { buildApp, silentLog } from '../../platform/index.ts';
import { mailRoutes } from './routes.ts';
import { withTestMail } from './test-mail.ts';

const OWN = parseSubscriptionId('cccccccc-0000-4000-8000-000000000001')!;

function somebody(role: Role, subscriptionId?: SubscriptionId): Principal {
  return {
    kind: 'client',
    principalId: parsePrincipalId(randomUUID())!,
    tenantId: parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!,
    name: 'test',
    grants: [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }],
  };
}

const OPERATOR = somebody('Operator');

describe('e-mail over HTTP', () => {
  const mail = withTestMail();
  let app: FastifyInstance;
  let caller = OPERATOR;
  let woken = 0;
  before(async () => {
    app = buildApp({ log: silentLog, clock: mail.clock });
    mailRoutes(app, {
      database: mail.test.database,
      clock: mail.clock,
      authenticate: () => Promise.resolve(caller),
      wake: () => {
        woken += 1;
      },
    });
    await app.ready();
  });
  after(() => app.close());

  const ask = async (method: 'GET' | 'POST', path: string, body?: object, as = OPERATOR) => {
    caller = as;
    const url = path.startsWith('http') ? path : `/api/v1/mail-messages${path}`;
    const answer = await app.inject({ method, url, ...(body && { payload: body }) });
    const value: unknown = answer.body === '' ? {} : JSON.parse(answer.body);
    const fields = isJsonObject(value) ? value : {};
    const { error } = fields;
    const items: unknown[] = Array.isArray(fields['value']) ? fields['value'] : [];
    return {
      status: answer.statusCode,
      fields,
      items: items.filter((item) => isJsonObject(item)),
      code: isJsonObject(error) ? error['code'] : undefined,
    };
  };

  it('is shown to those who run commerce, and to nobody else', async () => {
    await mail.tell();
    const shown = await ask('GET', '');
    assert.equal(shown.status, 200);
    const [one] = shown.items;
    assert.deepEqual(
      [one?.['state'], one?.['recipient'], one?.['template'], one?.['accountId']],
      ['Pending', 'pay@acme.example', 'invoice.overdue', mail.account],
    );
    assert.equal((await ask('GET', '', undefined, somebody('Auditor'))).status, 200);
    for (const as of [somebody('Owner', OWN), somebody('Emitter')]) {
      assert.equal((await ask('GET', '', undefined, as)).code, 'AuthorizationFailed');
    }
    for (const as of [somebody('Owner'), somebody('Auditor'), somebody('Owner', OWN)]) {
      assert.equal((await ask('POST', '/replay', { dead: true }, as)).code, 'AuthorizationFailed');
    }
  });

  it('is listed by state and account, page by page', async () => {
    for (let count = 0; count < 203; count++) await mail.tell();
    await mail.tell({ to: 'none' });
    const seen = new Set<unknown>();
    let next: unknown = '?state=pending';
    let pages = 0;
    while (typeof next === 'string') {
      const { fields, items } = await ask('GET', next);
      for (const { messageId } of items) seen.add(messageId);
      pages += 1;
      next = fields['nextLink'];
    }
    assert.deepEqual([seen.size, pages], [203, 2]);
    assert.equal((await ask('GET', `?account=${mail.account}&state=Dead`)).items.length, 1);
    assert.equal((await ask('GET', `?account=${randomUUID()}`)).items.length, 0);
    for (const query of ['?state=none', '?account=none', '?$skiptoken=none']) {
      assert.equal((await ask('GET', query)).code, 'InvalidProperty', query);
    }
  });

  it('is sent again', async () => {
    await mail.tell();
    await mail.deliver();
    const [one] = (await ask('GET', '')).items;
    const wokenBefore = woken;
    const again = await ask('POST', '/replay', { messageId: one?.['messageId'] });
    assert.deepEqual([again.status, again.fields], [202, { messages: 1 }]);
    assert.equal(woken, wokenBefore + 1);
    const { pool } = mail.test.database;
    const audited = async () => (await listAudit(pool, { limit: 100, newestFirst: true }))[0];
    const event = await audited();
    assert.equal(event?.action, 'Stackmeter.Billing/mailMessages/replay');
    assert.deepEqual(JSON.parse(event.detail), { messageId: one?.['messageId'], messages: 1 });
    assert.equal(event.actorId, OPERATOR.principalId);
    await ask('POST', '/replay', { dead: true });
    assert.match((await audited())?.detail ?? '', /"dead":true/);
    const { length } = await listAudit(pool, { limit: 100 });
    assert.equal(
      (await ask('POST', '/replay', { messageId: randomUUID() })).code,
      'MailMessageNotFound',
    );
    for (const body of [
      {},
      { dead: false },
      { dead: true, since: '2026-01-01T00:00Z' },
      { messageId: 'x' },
    ]) {
      assert.equal((await ask('POST', '/replay', body)).code, 'InvalidProperty');
    }
    assert.equal(
      (await listAudit(pool, { limit: 100 })).length,
      length,
      'what was refused is none',
    );
  });
});
