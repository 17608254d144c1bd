import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { fail } from '../../kernel/index.ts';
import { silentLog } from '../telemetry/index.ts';
import { systemClock } from '../clock.ts';
import { buildApp } from './app.ts';

const app = buildApp({ log: silentLog, clock: systemClock });
const give = (): never => {
  throw fail('SubscriptionNotFound', { subscriptionId: 'x' });
};
app.get('/envelope', give);
app.get('/problem', { config: { problems: true } }, give);

after(() => app.close());

const ENVELOPE = {
  error: { code: 'SubscriptionNotFound', message: "There is no subscription 'x' here." },
};
const PROBLEM = {
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  detail: ENVELOPE.error.message,
  ...ENVELOPE,
};

async function ask(url: string, accept?: string): Promise<{ type: unknown; body: unknown }> {
  const answer = await app.inject({ url, headers: accept === undefined ? {} : { accept } });
  assert.equal(answer.statusCode, 404);
  return { type: answer.headers['content-type'], body: answer.json() };
}

describe('errors', () => {
  it('are envelopes unless a problem is asked for', async () => {
    const wanted = { type: 'application/json; charset=utf-8', body: ENVELOPE };
    assert.deepEqual(await ask('/envelope'), wanted);
    assert.deepEqual(await ask('/envelope', '*/*'), wanted);
    assert.deepEqual(await ask('/envelope', 'application/problem+json;q=0, */*'), wanted);
  });

  it('are problems, with the envelope in them, where the caller or the route says so', async () => {
    const wanted = { type: 'application/problem+json', body: PROBLEM };
    assert.deepEqual(await ask('/envelope', 'application/json, Application/Problem+JSON'), wanted);
    assert.deepEqual(await ask('/envelope', 'application/problem+json; q=0.5'), wanted);
    assert.deepEqual(await ask('/problem'), wanted);
    assert.deepEqual(await ask('/problem', 'application/json'), wanted);
  });

  it('of paths that are not there are told likewise', async () => {
    const { type, body } = await ask('/nothing', 'application/problem+json');
    assert.equal(type, 'application/problem+json');
    assert.equal((body as typeof PROBLEM).error.code, 'NotFound');
    const target = await app.inject({ url: '/a%2Fb', headers: {} });
    assert.equal(target.statusCode, 400);
    assert.equal(target.json().error.code, 'InvalidProperty');
  });
});
