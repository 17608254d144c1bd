import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BIG_ROWS } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import type { Reply, Told } from './provider-process.ts';
import { withClient } from './with-client.ts';

interface Page {
  readonly value: readonly { properties: { subscriptionId: string; quantity: unknown } }[];
  readonly nextLink?: string;
}

describe('usage below a provider', () => {
  const test = withTestDatabase();
  describe('through @azure/core-rest-pipeline', () => {
    const ran = withClient<Told>(
      test,
      'provider-process.ts',
      (server, { placeholders, clients }) => {
        return {
          baseUrl: server.baseUrl,
          tenantId: server.stamp.homeTenantId,
          operator: clients['operator']!,
          reseller: clients['reseller']!,
          operatorSubscription: placeholders['operatorSubscription']!,
          resellerSubscription: placeholders['resellerSubscription']!,
          bigSubscription: placeholders['bigSubscription']!,
          otherSubscription: placeholders['otherSubscription']!,
        };
      },
    );

    const page = (step: string): Page => {
      const { status, text } = ran.results.value(step) as Reply;
      assert.equal(status, 200, text);
      return JSON.parse(text);
    };
    const refused = (step: string, status: number, code: string): void => {
      const reply = ran.results.value(step) as Reply;
      assert.deepEqual([reply.status, JSON.parse(reply.text).error.code], [status, code], step);
    };
    const subscriptionsOf = ({ value }: Page): string[] =>
      value.map(({ properties }) => properties.subscriptionId);

    it('all rows of all direct tenants over links that are followed as they are', () => {
      const pages = (ran.results.value('pages') as Reply[]).map(
        ({ text }) => JSON.parse(text) as Page,
      );
      assert.deepEqual(
        pages.map(({ value }) => value.length),
        [1000, 1000, BIG_ROWS - 2000 + 2],
      );
      const rows = pages.flatMap(({ value }) => value);
      const ids = new Set(rows.map(({ properties }) => properties.subscriptionId));
      assert.deepEqual(
        ids,
        new Set([
          ran.told.otherSubscription,
          ran.told.resellerSubscription,
          ran.told.bigSubscription,
        ]),
      );
      for (const { nextLink } of pages.slice(0, -1)) {
        assert.equal(new URL(nextLink!).origin, ran.told.baseUrl);
      }
    });

    it('quantities are numbers with all their digits on the wire', () => {
      const { text } = ran.results.value('one') as Reply;
      assert.match(text, /"quantity":0\.12345678901234567890123456789[,}]/);
      assert.match(text, /"quantity":10\.50*[,}]/);
      assert.doesNotMatch(text, /"quantity":"/);
    });

    it('the same under both namespaces, with empty parameters and a raw plus', () => {
      const { text } = ran.results.value('newer') as Reply;
      const rows = JSON.stringify(JSON.parse(text).value);
      for (const step of ['older', 'emptyParameters', 'rawPlus']) {
        assert.equal(JSON.stringify(page(step).value), rows, step);
      }
    });

    it('only what is below the caller', () => {
      assert.deepEqual(
        new Set(subscriptionsOf(page('one'))),
        new Set([ran.told.otherSubscription]),
      );
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
