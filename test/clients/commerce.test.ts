import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BIG_ROWS } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import type { Page, Seen, Told } from './commerce-process.ts';
import { withClient } from './with-client.ts';

describe('usage of a subscription', () => {
  const test = withTestDatabase();
  describe('through the clients of Microsoft.Commerce', () => {
    const ran = withClient<Told>(
      test,
      'commerce-process.ts',
      (server, { placeholders, clients }) => {
        return {
          baseUrl: server.baseUrl,
          tenantId: server.stamp.homeTenantId,
          operator: clients['operator']!,
          tenant: clients['tenant']!,
          tenantSubscription: placeholders['tenantSubscription']!,
          otherSubscription: placeholders['otherSubscription']!,
          bigSubscription: placeholders['bigSubscription']!,
          unknownSubscription: placeholders['unknownSubscription']!,
        };
      },
    );

    const refused = (step: string, status: number, code: string): void => {
      const error = ran.results.error(step);
      assert.deepEqual([error.statusCode, error.code], [status, code], `${step}: ${error.message}`);
    };

    for (const [client, step] of [
      ['arm-commerce-profile-2020-09-01-hybrid', 'seen'],
      ['arm-commerce', 'msRestSeen'],
    ] as const) {
      it(`${client}: a row has its types`, () => {
        const { row, types } = ran.results.value(step) as Seen;
        const wanted = {
          id: 'string',
          name: 'string',
          type: 'string',
          subscriptionId: 'string',
          meterId: 'string',
          usageStartTime: 'Date',
          usageEndTime: 'Date',
          quantity: 'number',
          instanceData: 'string',
        };
        for (const [key, type] of Object.entries(wanted)) assert.equal(types[key], type, key);
        assert.deepEqual(row.usageStartTime, new Date('2018-06-01T00:00:00Z'));
        assert.deepEqual(row.usageEndTime, new Date('2018-06-02T00:00:00Z'));
        assert.equal(row.quantity, 23);
        assert.equal(row.meterId, 'F271A8A388C44D93956A063E1D2FA80B');
        const { location, additionalInfo } = JSON.parse(row.instanceData!)['Microsoft.Resources'];
        assert.deepEqual([location, additionalInfo], ['local', 'InUse']);
      });
    }

    it('the same with details asked for, and at an address with a slash at its end', () => {
      const { row } = ran.results.value('seen') as Seen;
      assert.deepEqual(ran.results.value('withDetails'), row);
      assert.deepEqual((ran.results.value('withSlash') as { value: unknown }).value, row);
    });

    it('nothing answers over plain HTTP, on which this client would send its token', () => {
      const { statusCode, code, message } = ran.results.error('msRestPlain');
      assert.deepEqual([statusCode, code], [undefined, 'ECONNRESET'], message);
    });

    describe('in pages', () => {
      const sizes = (pages: readonly Page[]): number[] => pages.map(({ names }) => names.length);
      const all = (): string[] => ran.results.value('rows') as string[];

      it('all rows, each once', () => {
        assert.equal(all().length, BIG_ROWS);
        assert.equal(new Set(all()).size, BIG_ROWS);
      });

      it('of a thousand, by links to the same origin, the last without one', () => {
        for (const step of ['pages', 'msRestPages']) {
          const pages = ran.results.value(step) as Page[];
          assert.deepEqual(sizes(pages), [1000, 1000, 500], step);
          assert.deepEqual(
            pages.flatMap(({ names }) => names),
            all(),
            step,
          );
          const links = pages.map(({ link }) => link);
          assert.equal(links.pop(), undefined);
          for (const link of links) assert.equal(new URL(link!).origin, ran.told.baseUrl);
        }
      });

      it('taken up again at a page, by its link or by its token', () => {
        for (const step of ['resumed', 'plainToken']) {
          const pages = ran.results.value(step) as Page[];
          assert.deepEqual(sizes(pages), [1000, 500], step);
          assert.deepEqual(
            pages.flatMap(({ names }) => names),
            all().slice(1000),
            step,
          );
        }
      });

      it('never of another query: a token of hours says no to days', () => {
        refused('otherQuery', 400, 'InvalidProperty');
        refused('alteredToken', 400, 'InvalidProperty');
        // arm-commerce puts Daily into the link unless it is told what the link says.
        refused('msRestAsDaily', 400, 'InvalidProperty');
        refused('msRestOtherTimes', 400, 'InvalidProperty');
      });
    });

    it('401: without a valid secret, with a token that is none, with one that was altered', () => {
      assert.match(ran.results.error('wrongSecret').message, /invalid_client/);
      refused('garbage', 401, 'InvalidAuthenticationToken');
      refused('altered', 401, 'InvalidAuthenticationToken');
      refused('msRestGarbage', 401, 'InvalidAuthenticationToken');
    });

    it('403: on a subscription of somebody else, be it there or not', () => {
      refused('foreign', 403, 'AuthorizationFailed');
      refused('foreignAndUnknown', 403, 'AuthorizationFailed');
      refused('msRestForeign', 403, 'AuthorizationFailed');
    });

    it('404, 400, 410: what is not there, cannot be asked, is no longer kept', () => {
      refused('unknown', 404, 'SubscriptionNotFound');
      refused('backwards', 400, 'InvalidProperty');
      refused('msRestBackwards', 400, 'InvalidProperty');
      refused('offMidnight', 400, 'InvalidProperty');
      refused('future', 400, 'RequestEndTimeIsInFuture');
      refused('apiVersion', 400, 'InvalidApiVersionParameter');
      refused('expired', 410, 'UsageDataExpired');
    });

    it('202: a range that is not complete is an error to the client, with our code', () => {
      refused('open', 202, 'ProcessingNotCompleted');
    });
  });
});
