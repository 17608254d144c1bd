import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { fixedClock } from '../clock.ts';
import { silentLog } from '../telemetry/index.ts';
import { apiVersionParameter, requireApiVersion } from './api-version.ts';
import { buildApp } from './app.ts';

const clock = fixedClock(Temporal.Instant.from('2026-03-01T00:00:00Z'));
const app = buildApp({ log: silentLog, clock });
const DATED = { oldest: '2015-01-01', newest: '2022-12-01' };
const LISTED = ['2015-06-01-preview', '1.0'];
app.get('/dated', (request) => ({ version: requireApiVersion(request, DATED) }));
app.get('/listed', (request) => ({ version: requireApiVersion(request, LISTED) }));
after(() => app.close());

async function ask(path: string): Promise<string> {
  const body: { version?: string; error?: { code: string } } = (await app.inject(path)).json();
  return body.version ?? body.error?.code ?? '';
}

describe('the api-version', () => {
  it('is any date in a range, previews included', async () => {
    for (const version of [
      '2015-01-01',
      '2016-06-01',
      '2019-11-01',
      '2022-12-01',
      '2018-05-01-preview',
    ]) {
      assert.equal(await ask(`/dated?API-Version=${version}`), version);
    }
    for (const version of [
      '2014-12-31',
      '2023-01-01',
      '2018-13-01',
      '2018-01-00',
      '2018-1-1',
      'x',
    ]) {
      assert.equal(
        await ask(`/dated?api-version=${version}`),
        'InvalidApiVersionParameter',
        version,
      );
    }
  });

  it('is one of a list, in any case', async () => {
    assert.equal(await ask('/listed?api-version=2015-06-01-PREVIEW'), '2015-06-01-preview');
    assert.equal(await ask('/listed?api-version=1.0'), '1.0');
    assert.equal(await ask('/listed?api-version=2015-06-01'), 'InvalidApiVersionParameter');
  });

  it('has to be there', async () => {
    for (const path of ['/dated', '/listed', '/listed?api-version=']) {
      assert.equal(await ask(path), 'MissingApiVersionParameter');
    }
  });

  it('describes itself', () => {
    assert.deepEqual(apiVersionParameter(LISTED).schema, { enum: LISTED });
    assert.deepEqual(apiVersionParameter(DATED).schema, {
      type: 'string',
      examples: ['2022-12-01'],
    });
  });
});
