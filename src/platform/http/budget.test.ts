import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { fixedClock } from '../clock.ts';
import { createMetrics, silentLog } from '../telemetry/index.ts';
import { buildApp, type AppOptions } from './app.ts';
import { createBudget, subscriptionInPath } from './budget.ts';

const clock = fixedClock(Temporal.Instant.from('2026-03-01T00:00:00Z'));
const ONE = '11111111-0000-4000-8000-00000000000a';
const OTHER = '22222222-0000-4000-8000-00000000000a';
const FOREIGN = '33333333-0000-4000-8000-00000000000a';
const apps: FastifyInstance[] = [];

/** The caller is whom the header names. */
function newApp(options: Partial<AppOptions> = {}): FastifyInstance {
  const app = buildApp({ log: silentLog, clock, readBudget: 3, writeBudget: 2, ...options });
  apps.push(app);
  const spend = (request: Parameters<typeof app.budget.spend>[0]): object => {
    const caller = String(request.headers['x-caller'] ?? 'a');
    const named = subscriptionInPath(request);
    app.budget.spend(request, caller, named === FOREIGN ? undefined : named);
    return {};
  };
  app.get('/subscriptions/:id/things', spend);
  app.put('/subscriptions/:id/things', spend);
  app.get('/things', spend);
  app.get('/fails', (request) => {
    spend(request);
    throw new Error('broken');
  });
  const operation = {
    id: 'free',
    tag: 'server',
    summary: '',
    access: 'token',
    budget: 'none',
    answers: {},
  } as const;
  app.post('/free', { config: { operation } }, spend);
  return app;
}

after(() => Promise.all(apps.map((app) => app.close())));

const reads = (subscription: string): string => `/subscriptions/${subscription}/things`;

describe('the budget', () => {
  it('is told with each answer, by subscription and kind', async () => {
    const app = newApp();
    const read = await app.inject(reads(ONE));
    assert.equal(read.headers['x-ms-ratelimit-remaining-subscription-reads'], '2');
    const again = await app.inject(reads(ONE.toUpperCase().replace('A', '%41')));
    assert.equal(again.headers['x-ms-ratelimit-remaining-subscription-reads'], '1');
    const other = await app.inject(reads(OTHER));
    assert.equal(other.headers['x-ms-ratelimit-remaining-subscription-reads'], '2');
    const write = await app.inject({ method: 'PUT', url: reads(ONE) });
    assert.equal(write.headers['x-ms-ratelimit-remaining-subscription-writes'], '1');
    const outside = await app.inject('/things');
    assert.equal(outside.headers['x-ms-ratelimit-remaining-tenant-reads'], '2');
    const failed = await app.inject('/fails');
    assert.equal(failed.statusCode, 500);
    assert.equal(failed.headers['x-ms-ratelimit-remaining-tenant-reads'], '1');
  });

  it('is one for all that is no subscription of the caller', async () => {
    const app = newApp({ readBudget: 4 });
    const foreign = await app.inject(reads(FOREIGN.toUpperCase()));
    assert.equal(foreign.headers['x-ms-ratelimit-remaining-tenant-reads'], '3');
    for (const left of ['2', '1', '0']) {
      const { headers } = await app.inject(reads(`no-guid-${left}`));
      assert.equal(headers['x-ms-ratelimit-remaining-tenant-reads'], left);
    }
  });

  it('is refused with 429 once it is spent, to nobody but the caller, until it has come back', async () => {
    const metrics = createMetrics();
    const app = newApp({ metrics });
    for (let each = 0; each < 3; each += 1) {
      assert.equal((await app.inject(reads(ONE))).statusCode, 200);
    }
    const refused = await app.inject(reads(ONE));
    assert.equal(refused.statusCode, 429);
    assert.equal(refused.headers['retry-after'], '1200');
    assert.equal(refused.headers['x-ms-ratelimit-remaining-subscription-reads'], '0');
    assert.deepEqual(refused.json(), {
      error: {
        code: 'TooManyRequests',
        message: 'The budget of 3 reads an hour is spent; it is free again in 1200 seconds.',
      },
    });
    assert.match((await metrics.text()).body, /budget_refused_total\{kind="reads"\} 1/);
    const another = await app.inject({ url: reads(ONE), headers: { 'x-caller': 'b' } });
    assert.equal(another.statusCode, 200);
    assert.equal((await app.inject({ method: 'PUT', url: reads(ONE) })).statusCode, 200);
    clock.advance(1_200_000);
    assert.equal((await app.inject(reads(ONE))).statusCode, 200);
    assert.equal((await app.inject(reads(ONE))).statusCode, 429);
  });

  it('leaves alone what has limits of its own', async () => {
    const app = newApp();
    for (let each = 0; each < 5; each += 1) {
      const { statusCode, headers } = await app.inject({ method: 'POST', url: '/free' });
      assert.equal(statusCode, 200);
      assert.equal(headers['x-ms-ratelimit-remaining-tenant-writes'], undefined);
    }
  });

  it('can be shared by two apps', async () => {
    const budget = createBudget({ clock, readBudget: 3 });
    const [one, other] = [newApp({ budget }), newApp({ budget })];
    await one.inject(reads(ONE));
    const { headers } = await other.inject(reads(ONE));
    assert.equal(headers['x-ms-ratelimit-remaining-subscription-reads'], '1');
  });
});
