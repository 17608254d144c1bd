import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isJsonObject } from '../../kernel/index.ts';
import { additionalInfoJson, instanceJson, tagsJson } from './instance-data.ts';
import type { DetailRow } from './rows.ts';

const SUBSCRIPTION = '22222222-0000-4000-8000-000000000001';
const REGISTRATION = '33333333-0000-4000-8000-000000000001';
const row: DetailRow = {
  reported: 0,
  usage: 0,
  resourceKey: SUBSCRIPTION,
  meter: 1,
  registration: 1,
  subscriptionId: SUBSCRIPTION,
  meterId: 'm',
  meterName: '',
  meterCategory: '',
  meterSubCategory: '',
  meterRegion: '',
  unit: '',
  resourceUri: '/subscriptions/x',
  location: 'local',
  tags: '',
  additionalInfo: '',
  quantity: '1',
  billableQuantity: '1',
};
const ours = { azureStackSubscriptionId: SUBSCRIPTION, azureStackRegistrationId: REGISTRATION };
const info = (additionalInfo: string): string =>
  additionalInfoJson({ ...row, additionalInfo }, REGISTRATION);

describe('additional information', () => {
  it('is ours alone where nothing was emitted', () => {
    for (const nothing of ['', 'null', ' {} ']) assert.deepEqual(JSON.parse(info(nothing)), ours);
  });

  it('keeps the members that were emitted byte for byte', () => {
    const emitted = '{"ServiceType":"D1",  "n":1.00000000000000000001,"x":null}';
    assert.ok(info(emitted).startsWith(emitted.slice(0, -1)));
    assert.partialDeepStrictEqual(JSON.parse(info(emitted)), { ServiceType: 'D1', ...ours });
  });

  it('keeps what is no object, or could be taken for ours, apart', () => {
    for (const text of ['InUse', '"InUse"', '[1]', '1', '{broken', '{"a":1}{']) {
      assert.deepEqual(JSON.parse(info(text)), { emitted: text, ...ours });
    }
    const forged = '{"AzureStackSubscriptionID":"another"}';
    assert.deepEqual(JSON.parse(info(forged)), {
      emitted: { AzureStackSubscriptionID: 'another' },
      ...ours,
    });
  });

  it('is an object that says where usage came from, whatever was emitted', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(fc.string(), fc.jsonValue()).map((one) => JSON.stringify(one)),
    );
    fc.assert(
      fc.property(text, (emitted) => {
        const value: unknown = JSON.parse(info(emitted));
        assert.ok(isJsonObject(value));
        assert.partialDeepStrictEqual({ ...value }, ours);
      }),
    );
  });
});

describe('tags', () => {
  it('are an object where they were emitted as one, a text otherwise, and absent when there are none', () => {
    assert.equal(tagsJson('{"env": "prod"}'), '{"env": "prod"}');
    assert.equal(tagsJson('env=prod'), '"env=prod"');
    assert.equal(tagsJson('["env"]'), '"[\\"env\\"]"');
    assert.equal(tagsJson(''), undefined);
    assert.equal(tagsJson('null'), undefined);
    const { tags, ...rest } = JSON.parse(instanceJson(row, REGISTRATION)) as Record<
      string,
      unknown
    >;
    assert.equal(tags, undefined);
    assert.deepEqual(rest, {
      resourceUri: '/subscriptions/x',
      location: 'local',
      additionalInfo: ours,
      partNumber: '',
      orderNumber: '',
    });
  });
});
