import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { IngestedEvent, MeterQueryResult } from '@openmeter/sdk';
import { systemClock } from '../../src/platform/index.ts';
import { send } from '../conformance/client.ts';
import { withTestDatabase } from '../support/database.ts';
import type { Told } from './openmeter-process.ts';
import { withClient } from './with-client.ts';

const VM_HOURS = '6dab500f-a4fd-49c4-956d-229bb9c8c793';

/** An error of the client: what it made of our answer. */
interface Failure {
  readonly name: string;
  readonly title: unknown;
  readonly status: unknown;
  readonly message: string;
}

describe('@openmeter/sdk', () => {
  const test = withTestDatabase();
  describe('with a client id and secret as its API key', () => {
    const ran = withClient<Told>(
      test,
      'openmeter-process.ts',
      (server, { placeholders, clients }) => {
        const key = (name: string): string =>
          `${clients[name]!.clientId}.${clients[name]!.clientSecret}`;
        const hour = systemClock.now().round({ smallestUnit: 'hour', roundingMode: 'floor' });
        return {
          baseUrl: server.baseUrl,
          keys: { operator: key('operator'), tenant: key('tenant'), emitter: key('emitter') },
          tenantSubscription: placeholders['tenantSubscription']!,
          otherSubscription: placeholders['otherSubscription']!,
          usageStart: hour.subtract({ hours: 3 }).toString(),
          usageEnd: hour.subtract({ hours: 1 }).toString(),
        };
      },
    );

    const failure = (step: string): Failure => {
      const { name, message, fields } = ran.results.error(step);
      return { name, title: fields['title'], status: fields['status'], message };
    };
    const refused = (step: string, status: number, title: string, message: RegExp): void => {
      const error = failure(step);
      assert.deepEqual(
        [error.name, error.status, error.title],
        ['HTTPError', status, title],
        error.message,
      );
      assert.match(error.message, message);
    };
    const usageOf = (step: string): MeterQueryResult => ran.results.value(step) as MeterQueryResult;

    describe('sends events', () => {
      it('one or several, with nothing to say about it', () => {
        for (const step of ['one', 'batch', 'own']) assert.ok(!ran.results.value(step), step);
      });

      it('once more: counted once, told as a duplicate', () => {
        assert.deepEqual(ran.results.value('again'), {
          accepted: 0,
          duplicates: 1,
          quarantined: [],
        });
      });

      it('that it may not send: kept aside and told', () => {
        const { accepted, quarantined } = ran.results.value('foreign') as {
          accepted: number;
          quarantined: { code: string }[];
        };
        assert.equal(accepted, 0);
        assert.deepEqual(
          quarantined.map(({ code }) => code),
          ['NotPermittedToEmit'],
        );
      });

      it('without the role or with a wrong secret: an error with our reason in it', () => {
        refused('mayNotSend', 403, 'Forbidden', /\[403\]: .*usage.*emit/);
        refused('wrongKey', 401, 'Unauthorized', /\[401\]: .*secret/);
      });
    });

    describe('lists the records that came in last', () => {
      it('as events, each once, exact, with dates that are dates', () => {
        const records = ran.results.value('records') as IngestedEvent[];
        assert.equal(records.length, 4, 'one, two, named and three');
        const names = records.map(({ event }) =>
          (event.data!['resourceUri'] as string).split('/').at(-1),
        );
        assert.deepEqual(new Set(names), new Set(['named', 'one', 'three', 'two']));
        for (const { event, ingestedAt, storedAt } of records) {
          assert.ok(ingestedAt instanceof Date && storedAt instanceof Date);
          assert.equal(event.type, 'stackmeter.usage');
          assert.equal(event.specversion, '1.0');
          assert.equal(event.subject, ran.told.tenantSubscription);
          const data = event.data!;
          assert.deepEqual(
            data['usageStartTime'],
            new Date(ran.told.usageStart),
            'put together again',
          );
          assert.deepEqual(data['usageEndTime'], new Date(ran.told.usageEnd));
          assert.equal(data['quantity'], 0.1, 'the client makes a binary number of it');
        }
        assert.equal(new Set(records.map(({ event }) => event.id)).size, 4);
      });

      it('no more than asked for, and by the time of their usage', () => {
        assert.equal((ran.results.value('oneRecord') as IngestedEvent[]).length, 1);
        assert.deepEqual(ran.results.value('noRecords'), []);
      });

      it('only for who may read the subscription', () => {
        refused('foreignRecords', 403, 'Forbidden', /usageAggregates\/read/);
        refused('emitterReads', 403, 'Forbidden', /usageAggregates\/read/);
      });

      it('never of all subscriptions, of years, or by what it cannot filter', () => {
        refused('recordsOfAll', 400, 'Bad Request', /subject/);
        refused('recordsOfYears', 400, 'Bad Request', /ingestedAtFrom.*24 hours/);
        refused('recordsById', 400, 'Bad Request', /of id .*cannot filter/);
      });
    });

    describe('queries the usage of a meter', () => {
      it('over the whole time', () => {
        const { tenantSubscription: subject } = ran.told;
        const [windowStart, windowEnd] = [new Date('2018-06-01'), new Date('2018-06-02')];
        assert.deepEqual(usageOf('total'), {
          from: windowStart,
          to: windowEnd,
          data: [{ value: 24, windowStart, windowEnd, subject, groupBy: {} }],
        });
      });

      it('by the hour, under the hour of use, whenever it was reported', () => {
        const { windowSize, data } = usageOf('hours');
        assert.equal(windowSize, 'HOUR');
        assert.deepEqual(
          data.map(({ windowStart }) => windowStart.getUTCHours()),
          Array.from({ length: 24 }, (_, hour) => hour),
        );
        assert.ok(data.every(({ value }) => value === 1));
      });

      it('by the day, up to the last closed one, by the name of the meter', () => {
        const { to, data } = usageOf('days');
        assert.deepEqual(to, new Date('2018-06-05'), 'where the first open window begins');
        assert.deepEqual(
          data.map(({ value, windowStart }) => [value, windowStart]),
          [[24, new Date('2018-06-01')]],
        );
        assert.deepEqual(usageOf('unfinished').to, new Date('2018-06-05'));
      });

      it('of several subscriptions and by resource', () => {
        const { data } = usageOf('exact');
        assert.deepEqual(
          data.map(({ value, subject, groupBy }) => [
            value,
            subject,
            groupBy['resourceGroup'],
            groupBy['resourceUri']?.split('/').at(-1),
          ]),
          [
            [10.5000000001, ran.told.otherSubscription, 'web-RG', 'vm'],
            [0.12345678901234568, ran.told.otherSubscription, 'web-RG', 'wéb"01"'],
          ],
        );
      });

      it('with all digits on the wire, which the client would lose', async () => {
        const { baseUrl, caFile } = ran.server;
        const from = 'from=2018-06-02&to=2018-06-03';
        const { body } = await send(readFileSync(caFile, 'utf8'), {
          method: 'GET',
          address: `${baseUrl}/api/v1/meters/${VM_HOURS}/query?subject=${ran.told.otherSubscription}&${from}`,
          headers: { authorization: `Bearer ${ran.told.keys.operator}` },
        });
        // 0.1234... + 0 + 0.0000000001 + 10.50
        assert.match(body.toString(), /"value":10\.62345678911234567890123456789,/);
      });

      it('filtered without regard to case', () => {
        const { data } = usageOf('filtered');
        assert.equal(data.length, 1);
        assert.deepEqual(data[0]?.groupBy, { location: 'local' });
        assert.equal(data[0]?.value, 10.623456789112346);
        assert.deepEqual(usageOf('filteredOut').data, []);
      });

      it('only for who may read each of the subscriptions', () => {
        refused('foreignUsage', 403, 'Forbidden', /usageAggregates\/read/);
        refused('partlyForeign', 403, 'Forbidden', /usageAggregates\/read/);
        refused('withoutKey', 401, 'Unauthorized', /Authorization/);
      });

      it('and is told what it cannot have', () => {
        refused('withoutSubject', 400, 'Bad Request', /of subject /);
        refused('withoutStart', 400, 'Bad Request', /of from .*missing/);
        refused('tooLong', 400, 'Bad Request', /at most 366 days/);
        refused('offTheHour', 400, 'Bad Request', /whole hour/);
        refused('minutes', 400, 'Bad Request', /HOUR or DAY/);
        refused('otherTimeZone', 400, 'Bad Request', /UTC only/);
        refused('byCustomer', 400, 'Bad Request', /filterCustomerId .*cannot filter/i);
        refused('byModel', 400, 'Bad Request', /of groupBy .*location/);
        refused('unknownMeter', 404, 'Not Found', /no_such_meter/);
        refused('ambiguousMeter', 400, 'Bad Request', /several have this name/);
      });
    });
  });
});
