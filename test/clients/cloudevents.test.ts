import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { systemClock } from '../../src/platform/index.ts';
import { writeFixture } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import type { Answer, Told } from './cloudevents-process.ts';
import { runClient, type Results } from './processes.ts';

describe('cloudevents', () => {
  const test = withTestDatabase();
  describe('over its own transport and one that shows the status', () => {
    const started = withServer(test);
    let results: Results;

    before(async () => {
      const { server } = started;
      const { placeholders, clients } = await writeFixture(server);
      const { clientId, clientSecret } = clients['emitter']!;
      const subscriptionId = placeholders['tenantSubscription']!;
      const hour = systemClock.now().round({ smallestUnit: 'hour', roundingMode: 'floor' });
      const told: Told = {
        baseUrl: server.baseUrl,
        key: `${clientId}.${clientSecret}`,
        data: {
          subscriptionId,
          resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm`,
          meterId: '6dab500f-a4fd-49c4-956d-229bb9c8c793',
          quantity: 1.25,
          usageStartTime: hour.subtract({ hours: 2 }).toString(),
          usageEndTime: hour.subtract({ hours: 1 }).toString(),
        },
      };
      results = await runClient('cloudevents-process.ts', server.caFile, told);
    });

    const answer = (step: string): Answer => results.value(step) as Answer;
    const outcome = (
      step: string,
    ): { accepted: number; duplicates: number; quarantined: { id: string; code: string }[] } => {
      const { status, body } = answer(step);
      assert.equal(status, 200, body);
      return JSON.parse(body);
    };
    const codeOf = (body: string): string => JSON.parse(body).error.code;

    it('binary, structured and batched events are taken, in bodies without a length', () => {
      for (const step of ['binary', 'structured', 'batch']) {
        assert.deepEqual(answer(step), { status: 204, body: '', sentChunked: true }, step);
      }
    });

    it('its own transport says no more than that nothing is wrong', () => {
      assert.equal((results.value('stock') as { body: string }).body, '');
    });

    it('the same source and id counts once, in whatever mode it comes again', () => {
      for (const step of ['binaryAgain', 'otherModeAgain']) {
        assert.deepEqual(outcome(step), { accepted: 0, duplicates: 1, quarantined: [] }, step);
      }
      assert.deepEqual(outcome('batchAgain'), { accepted: 1, duplicates: 1, quarantined: [] });
    });

    it('the same source and id with other content is kept aside', () => {
      const { accepted, quarantined } = outcome('otherContent');
      assert.equal(accepted, 0);
      assert.deepEqual([quarantined[0]?.id, quarantined[0]?.code], ['1', 'RecordConflict']);
    });

    it('what is wrong with an event is in the body, and the others of its batch are counted', () => {
      const wrong = {
        badEvent: ['8', 'InvalidTime', 0],
        badInBatch: ['10', 'UnknownMeter', 1],
        otherType: ['11', 'UnsupportedEventType', 0],
      } as const;
      for (const [step, [id, code, count]] of Object.entries(wrong)) {
        const { accepted, quarantined } = outcome(step);
        assert.equal(accepted, count, step);
        assert.deepEqual(
          quarantined.map((each) => [each.id, each.code]),
          [[id, code]],
          step,
        );
      }
    });

    it('what is wrong with a request is in the body, where its own transport shows it', () => {
      assert.equal(answer('withoutKey').status, 401);
      assert.equal(codeOf(answer('withoutKey').body), 'AuthenticationFailed');
      const stock = results.value('stockWithoutKey') as { body: string };
      assert.equal(codeOf(stock.body), 'AuthenticationFailed');
      assert.equal(answer('notJson').status, 400);
      assert.equal(codeOf(answer('notJson').body), 'InvalidRequestContent');
      assert.equal(answer('textData').status, 415);
      assert.equal(codeOf(answer('textData').body), 'UnsupportedMediaType');
    });
  });
});
