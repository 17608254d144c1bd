import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { BIG_ROWS, writeFixture } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { runClient, type Results } from './processes.ts';
import type { Reply, Told } from './provider-process.ts';

interface Page {
  readonly value: readonly { properties: { subscriptionId: string; quantity: unknown } }[];
  readonly nextLink?: string;
}

describe('usage below a provider', () => {
  const test = withTestDatabase();
  describe('through @azure/core-rest-pipeline', () => {
    const started = withServer(test);
    let told: Told;
    let results: Results;

    before(async () => {
      const { server } = started;
      const { placeholders, clients } = await writeFixture(server);
      told = {
        baseUrl: server.baseUrl,
        tenantId: server.stamp.homeTenantId,
        operator: clients['operator']!,
        reseller: clients['reseller']!,
        operatorSubscription: placeholders['operatorSubscription']!,
        resellerSubscription: placeholders['resellerSubscription']!,
        bigSubscription: placeholders['bigSubscription']!,
        otherSubscription: placeholders['otherSubscription']!,
      };
      results = await runClient('provider-process.ts', server.caFile, told);
    });

    const page = (step: string): Page => {
      const { status, text } = results.value(step) as Reply;
      assert.equal(status, 200, text);
      return JSON.parse(text);
    };
    const refused = (step: string, status: number, code: string): void => {
      const reply = results.value(step) as Reply;
      assert.deepEqual([reply.status, JSON.parse(reply.text).error.code], [status, code], step);
    };
    const subscriptionsOf = ({ value }: Page): string[] =>
      value.map(({ properties }) => properties.subscriptionId);

    it('all rows of all direct tenants over links that are followed as they are', () => {
      const pages = (results.value('pages') as Reply[]).map(({ text }) => JSON.parse(text) as Page);
      assert.deepEqual(
        pages.map(({ value }) => value.length),
        [1000, 1000, BIG_ROWS - 2000 + 2],
      );
      const rows = pages.flatMap(({ value }) => value);
      const ids = new Set(rows.map(({ properties }) => properties.subscriptionId));
      assert.deepEqual(
        ids,
        new Set([told.otherSubscription, told.resellerSubscription, told.bigSubscription]),
      );
      for (const { nextLink } of pages.slice(0, -1)) {
        assert.equal(new URL(nextLink!).origin, told.baseUrl);
      }
    });

    it('quantities are numbers with all their digits on the wire', () => {
      const { text } = results.value('one') as Reply;
      assert.match(text, /"quantity":0\.12345678901234567890123456789[,}]/);
      assert.match(text, /"quantity":10\.50*[,}]/);
      assert.doesNotMatch(text, /"quantity":"/);
    });

    it('the same under both namespaces, with empty parameters and a raw plus', () => {
      const { text } = results.value('newer') as Reply;
      const rows = JSON.stringify(JSON.parse(text).value);
      for (const step of ['older', 'emptyParameters', 'rawPlus']) {
        assert.equal(JSON.stringify(page(step).value), rows, step);
      }
    });

    it('only what is below the caller', () => {
      assert.deepEqual(new Set(subscriptionsOf(page('one'))), new Set([told.otherSubscription]));
      assert.equal(subscriptionsOf(page('below')).length, 1);
      refused('above', 403, 'AuthorizationFailed');
      refused('notBelow', 400, 'SubscriberIdIsNotDirectTenant');
    });

    it('never of another query', () => {
      refused('otherQuery', 400, 'InvalidProperty');
      refused('noVersion', 400, 'NoApiVersion');
    });
  });
});
