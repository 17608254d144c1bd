import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { catalogue, isRecordErrorCode } from '../../src/kernel/index.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { cases, notGiven } from './cases/index.ts';
import { writeFixture } from './fixture.ts';
import { Runner } from './runner.ts';
import { startSubscriptionDirectory } from './subscription-directory.ts';

/** Codes of the contract's table of errors, those of acquired plans excepted, which this stamp does not have. */
const CONTRACT = [
  'NoApiVersion',
  'InvalidProperty',
  'RequestEndTimeIsInFuture',
  'SubscriberIdIsNotDirectTenant',
  'SubscriptionIdMissingInRequest',
  'InvalidAggregationGranularity',
  'BadRequest',
  'ServiceUnavailable',
  'GatewayTimeout',
  'ProcessingNotCompleted',
  'SubscriptionNotFound',
  'ResourceNotFound',
  'AuthenticationFailed',
  'InvalidAuthenticationToken',
  'AuthorizationFailed',
  'MissingSubscriptionRegistration',
  'TooManyRequests',
  'MissingApiVersionParameter',
  'InvalidApiVersionParameter',
  'InvalidResourceNamespace',
  'RegistrationNotFound',
  'BadCustomerSubscriptionId',
  'InvalidCustomerSubscriptionId',
  'CustomerSubscriptionNotFound',
  'UnauthorizedCspRegistration',
  'CustomerSubscriptionsNotAllowed',
  'InvalidCSPSubscription',
  'MetadataResolverBadGatewayError',
];

/** Every code that some case or the list of those not given names. */
function namedCodes(): Set<string> {
  const codes = new Set<string>(notGiven.map(({ code }) => code));
  for (const { steps } of cases) {
    for (const { expect } of steps) {
      if (expect.code !== undefined) codes.add(expect.code);
      for (const [, code = ''] of JSON.stringify(expect.json ?? null).matchAll(/"code":"(\w+)"/g)) {
        codes.add(code);
      }
    }
  }
  return codes;
}

describe('wire contract', () => {
  const test = withTestDatabase();

  it('has a case for each code of the contract and each reason to keep a record aside', () => {
    const codes = namedCodes();
    const wanted = [...CONTRACT, ...Object.keys(catalogue).filter(isRecordErrorCode)];
    assert.deepEqual(
      wanted.filter((code) => !codes.has(code)),
      [],
    );
    for (const { code, status } of notGiven) assert.equal(catalogue[code].status, status, code);
    assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length, 'names are unique');
  });

  describe('over HTTPS', async () => {
    const directory = await startSubscriptionDirectory();
    const started = withServer(test, {
      subscriptionDirectory: directory.url,
      subscriptionDirectoryCa: directory.caFile,
    });
    let runner: Runner;
    after(() => directory.close());

    before(async () => {
      const { server } = started;
      runner = new Runner({
        base: server.baseUrl,
        ca: readFileSync(server.caFile, 'utf8'),
        ...(await writeFixture(server)),
        fixture: true,
      });
    });

    for (const wireCase of cases) {
      it(wireCase.name, async () => {
        const outcome = await runner.run(wireCase);
        if (outcome.result === 'failed') assert.fail(outcome.problems.join('\n'));
        assert.equal(outcome.result, 'passed');
      });
    }
  });
});
