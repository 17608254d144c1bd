import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { compute, submission, withUsageStamp } from '../../../test/support/usage.ts';
import { parseDirectoryTenantId, parsePrincipalId } from '../../kernel/index.ts';
import { buildApp, silentLog } from '../../platform/index.ts';
import type { Principal, Role } from '../../identity/index.ts';
import { reconciliationRoutes } from './routes.ts';
import { testCommerce } from './test-commerce.ts';

const START = Temporal.Instant.from('2026-03-01T20:10:00Z');
const TENANT = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;
const CALLER = parsePrincipalId('11111111-0000-4000-8000-000000000001')!;

describe('the reconciliation over HTTP', () => {
  const stamp = withUsageStamp(START);
  const commerce = testCommerce(() => stamp.database);
  const app = buildApp({ log: silentLog, clock: stamp.clock });
  let isActivated = false;
  let id = '';

  before(async () => {
    id = await stamp.newSubscription();
    await stamp.openHour();
    const emitter = await stamp.newEmitter();
    await stamp.engine().submit(submission(emitter, stamp.usage(id), stamp.usage(id)));
    const principal = (role: Role): Principal => ({
      kind: 'client',
      principalId: CALLER,
      tenantId: TENANT,
      name: 'caller',
      grants: [{ role, subscriptionId: undefined, resourceGroup: undefined, providers: undefined }],
    });
    reconciliationRoutes(app, {
      database: stamp.database,
      clock: stamp.clock,
      authenticate: async (request) =>
        principal(request.headers['x-caller'] === 'emitter' ? 'Emitter' : 'Owner'),
      openReceived: async () => (isActivated ? commerce.received : undefined),
    });
    await app.ready();
  });
  after(() => app.close());

  const ask = (query = '', caller = ''): Promise<LightMyRequestResponse> =>
    app.inject({ url: `/api/v1/reconciliation${query}`, headers: { 'x-caller': caller } });

  it('is for those whose roles allow it, before anything is read', async () => {
    const answer = await ask('?from=x', 'emitter');
    assert.equal(answer.statusCode, 403);
    assert.match(answer.body, /AuthorizationFailed/);
  });

  it('names what is wrong with the question', async () => {
    for (const [query, message] of [
      ['?from=x', /BadRequest/],
      ['?By=week', /InvalidProperty.*by/],
    ] as const) {
      const answer = await ask(query);
      assert.equal(answer.statusCode, 400);
      assert.match(answer.body, message);
    }
  });

  it('has both sides, causes and a verdict', async () => {
    const answer = await ask('?by=meter,subscription,day');
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(answer.json(), {
      from: '2026-03-01T00:00:00+00:00',
      to: '2026-03-01T21:00:00+00:00',
      by: ['day', 'meter', 'subscription'],
      lines: [
        {
          day: '2026-03-01',
          meterId: compute.id,
          meterName: compute.name,
          unit: compute.unit,
          subscriptionId: id,
          stamp: { rows: 1, quantity: '2.5' },
          received: { rows: 0, quantity: '0' },
          difference: { rows: 1, quantity: '2.5' },
          causes: [{ cause: 'unregistered time', rows: 1, quantity: '2.5', places: 1 }],
          notes: [],
        },
      ],
      commerce: { state: 'not activated' },
      rows: { stamp: 1, received: 0 },
      causes: [
        {
          cause: 'unregistered time',
          rows: 1,
          windows: 1,
          spans: [{ from: '2026-03-01T20:00:00+00:00', to: '2026-03-01T21:00:00+00:00' }],
        },
      ],
      booked: [],
      unexplained: { places: 0, first: [] },
      verdict: 'explained',
    });
  });

  it('adds no quantities of different meters together', async () => {
    const { lines } = (await ask('?by=day')).json<{ lines: { stamp: object }[] }>();
    assert.deepEqual(lines[0]?.stamp, { rows: 1 });
  });

  it('says that commerce did not answer', async () => {
    isActivated = true;
    commerce.silentAfter = 0;
    const answer = (await ask()).json<Record<string, unknown>>();
    assert.equal(answer['verdict'], 'unknown');
    assert.match(JSON.stringify(answer['commerce']), /no answer.*CommerceUnreachable.*it is off/);
    assert.match(JSON.stringify(answer['lines']), /"received":null,"difference":null/);
    commerce.silentAfter = undefined;
    isActivated = false;
  });
});
