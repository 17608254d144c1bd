import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { CatalogueEntry } from './errors.ts';
import { catalogue, errorReference, fail, isRecordErrorCode, StackmeterError } from './errors.ts';

const entries: [string, CatalogueEntry][] = Object.entries(catalogue);

/** Codes of the usage interface contract and of the resource manager, which clients match on. */
const contract: Record<string, number> = {
  NoApiVersion: 400,
  MissingApiVersionParameter: 400,
  InvalidApiVersionParameter: 400,
  InvalidProperty: 400,
  BadRequest: 400,
  RequestEndTimeIsInFuture: 400,
  SubscriberIdIsNotDirectTenant: 400,
  SubscriptionIdMissingInRequest: 400,
  InvalidAggregationGranularity: 400,
  InvalidRequestContent: 400,
  ProcessingNotCompleted: 202,
  AuthenticationFailed: 401,
  InvalidAuthenticationToken: 401,
  AuthorizationFailed: 403,
  SubscriptionNotFound: 404,
  ResourceNotFound: 404,
  InvalidResourceNamespace: 404,
  InvalidResourceType: 404,
  NotFound: 404,
  MethodNotAllowed: 405,
  MissingSubscriptionRegistration: 409,
  RoleAssignmentExists: 409,
  Conflict: 409,
  UsageDataExpired: 410,
  PayloadTooLarge: 413,
  UnsupportedMediaType: 415,
  TooManyRequests: 429,
  InternalServerError: 500,
  ServiceUnavailable: 503,
  GatewayTimeout: 504,
};

describe('the catalogue of errors', () => {
  it('has the codes of the contract with their statuses', () => {
    for (const [code, status] of Object.entries(contract)) {
      assert.equal(entries.find(([name]) => name === code)?.[1].status, status, code);
    }
  });

  it('gives every error a message and an advice that are sentences', () => {
    assert.ok(entries.length > 40);
    for (const [code, { status, template, advice }] of entries) {
      assert.match(code, /^[A-Z][A-Za-z]+$/);
      assert.match(template, /^[A-Z{].*\.$/, code);
      assert.match(advice, /^[A-Z].*\.$/, code);
      assert.ok(status === 202 || (status >= 400 && status < 600), code);
      assert.doesNotMatch(template.replaceAll(/\{\w+\}/g, ''), /[{}]/, code);
      assert.doesNotMatch(template + advice, /\|/, code);
    }
  });

  it('answers each reason of quarantine with 422', () => {
    const reasons = entries.filter(([code]) => isRecordErrorCode(code));
    assert.equal(reasons.length, 17);
    for (const [code, { status }] of reasons) assert.equal(status, 422, code);
    assert.equal(isRecordErrorCode('NotFound'), false);
    assert.equal(isRecordErrorCode('toString'), false);
  });

  it('equals the reference page docs/reference/errors.md', () => {
    const page = new URL('../../docs/reference/errors.md', import.meta.url);
    assert.equal(
      readFileSync(page, 'utf8'),
      errorReference(),
      'write the text of errorReference() to docs/reference/errors.md',
    );
  });

  it('puts one row for each code on the page, in alphabetical order', () => {
    const rows = [...errorReference().matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);
    assert.deepEqual(rows, entries.map(([code]) => code).toSorted());
  });
});

describe('fail', () => {
  it('fills the template and takes the status from the catalogue', () => {
    const rule = 'it must be on a whole hour';
    const value = '2018-06-01T10:30:00Z';
    const error = fail('InvalidProperty', { parameter: 'reportedStartTime', value, rule });
    assert.ok(error instanceof StackmeterError && error instanceof Error);
    assert.equal(error.name, 'StackmeterError');
    assert.equal(error.code, 'InvalidProperty');
    assert.equal(error.status, 400);
    assert.equal(
      error.message,
      "The value '2018-06-01T10:30:00Z' of reportedStartTime is not valid: it must be on a whole hour.",
    );
    assert.deepEqual(error.headers, {});
    assert.deepEqual(error.details, []);
    assert.equal('cause' in error, false);
  });

  it('carries headers, details and the cause', () => {
    const cause = new Error('refused');
    const details = [{ code: 'UnknownMeter', message: "There is no meter 'x'." }];
    const headers = { 'retry-after': '2' };
    const error = fail('ServiceUnavailable', { reason: 'busy' }, { headers, details, cause });
    assert.equal(error.status, 503);
    assert.deepEqual(error.headers, headers);
    assert.deepEqual(error.details, details);
    assert.equal(error.cause, cause);
  });

  it('needs no values where the template has no placeholder', () => {
    assert.equal(fail('MissingApiVersionParameter').status, 400);
    const headers = { 'x-one': '1' };
    assert.deepEqual(fail('SubscriptionIdMissingInRequest', {}, { headers }).headers, headers);
  });

  it('does not fill in values a second time, and cuts long ones', () => {
    assert.equal(
      fail('NotFound', { path: '/{path}$&' }).message,
      "There is nothing at '/{path}$&'.",
    );
    const { message } = fail('NotFound', { path: 'x'.repeat(10_000) });
    assert.equal(message, `There is nothing at '${'x'.repeat(500)}... (10000 characters)'.`);
  });

  it('throws where a value is missing', () => {
    // @ts-expect-error: the template needs a path
    assert.throws(() => fail('NotFound', {}), TypeError);
    // @ts-expect-error: the template needs a path
    assert.throws(() => fail('NotFound', { toString: 1 }), TypeError);
  });
});
