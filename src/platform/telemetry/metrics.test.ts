import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from './metrics.ts';

describe('metrics', () => {
  it('gives the same metric for the same name', async () => {
    const metrics = createMetrics();
    const description = { name: 'stackmeter_test_total', help: 'Tests', labels: ['kind'] } as const;
    metrics.counter(description).inc({ kind: 'a' });
    metrics.counter(description).inc({ kind: 'a' }, 2);
    const { body, contentType } = await metrics.text();
    assert.match(body, /^stackmeter_test_total\{kind="a"\} 3$/m);
    assert.match(contentType, /^text\/plain; version=0\.0\.4/);
  });

  it('asks a gauge for its value at each reading', async () => {
    const metrics = createMetrics();
    let value = 1;
    metrics.gauge({ name: 'stackmeter_test_items', help: 'Items' }, (gauge) => gauge.set(value));
    assert.match((await metrics.text()).body, /^stackmeter_test_items 1$/m);
    value = 2;
    assert.match((await metrics.text()).body, /^stackmeter_test_items 2$/m);
  });

  it('refuses names outside the naming rules, labels that name a tenant, and a change of kind', () => {
    const metrics = createMetrics();
    assert.throws(() => metrics.counter({ name: 'requests', help: '' }), /stackmeter_/);
    assert.throws(
      () =>
        metrics.counter({
          name: 'stackmeter_x_total',
          help: '',
          labels: ['subscriptionId'] as const,
        }),
      /without a token/,
    );
    metrics.counter({ name: 'stackmeter_y_total', help: 'Y' });
    assert.throws(() => metrics.gauge({ name: 'stackmeter_y_total', help: 'Y' }), /another kind/);
  });

  it('adds the metrics of the process on request', async () => {
    const { body } = await createMetrics({ process: true }).text();
    assert.match(body, /^process_cpu_seconds_total /m);
    assert.match(body, /^nodejs_eventloop_lag_seconds /m);
  });
});
