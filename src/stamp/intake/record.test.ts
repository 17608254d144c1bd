import assert from 'node:assert/strict';
import test from 'node:test';
import { Decimal, parseSubscriptionId } from '../../kernel/index.ts';
import { uuidText } from '../../platform/index.ts';
import { contentOf, keyOf } from './record.ts';
import { makeResource } from './resource.ts';

const subscriptionId = parseSubscriptionId('11111111-2222-4333-8444-555555555555')!;

/**
 * These values are in databases. Were they computed differently one day, every record that is sent again would count
 * twice or stand as a conflict.
 */
test('counts-once: keys and contents of records never change', () => {
  const resource = makeResource(subscriptionId, {
    resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/é/providers/Microsoft.Compute/virtualMachines/vm1`,
    location: 'local',
    tags: '{"a":"b"}',
    additionalInfo: '',
  });
  const content = contentOf(resource, 7, {
    startUs: 1_527_847_200_000_000,
    endUs: 1_527_850_800_000_000,
    quantity: Decimal.parse('1.250')!,
  });
  assert.deepEqual(
    [keyOf('/providers/Microsoft.Compute', 'id-1'), resource.key, content].map(uuidText),
    [
      'c8946bcd-c982-3132-95fd-f42d86464485',
      '2b2b49a4-c458-55ec-ca62-8a5da34c1f5b',
      'e41f4cb8-3f0d-f57f-ef1a-eee3d78d0d5d',
    ],
  );
});
