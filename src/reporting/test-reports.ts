import fc from 'fast-check';
import {
  Decimal,
  hourNumber,
  parseDirectoryTenantId,
  parseMeterId,
  parseSubscriptionId,
} from '../kernel/index.ts';
import type { Batch, ReportedResource, ReportedRow } from './batch.ts';
import type { MeterSum } from './manifest.ts';
import { sortMeters } from './manifest.ts';

/** Hours from 1970 to the year 2100. */
export const hours = fc.integer({ min: 0, max: 1_140_000 }).map(hourNumber);

/** Objects as JSON.parse makes them. */
export const PLAIN = { noNullPrototype: true } as const;

/** Well-formed texts of any characters. */
const texts = fc.string({ unit: 'grapheme', maxLength: 30 });

const resources: fc.Arbitrary<ReportedResource> = fc.record(
  {
    subscriptionId: fc.uuid().map((id) => parseSubscriptionId(id)!),
    tenantId: fc.uuid().map((id) => parseDirectoryTenantId(id)!),
    resourceUri: texts,
    location: texts,
    tags: texts,
    additionalInfo: texts,
  },
  PLAIN,
);

/** Quantities as stamps write them: shortest decimal text, not negative. */
export const quantities = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 30 }))
  .map(([unscaled, scale]) => Decimal.fromBigInt(unscaled, scale).toText());

const meterIds = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/)
  .map((id) => parseMeterId(id)!);

/** Batches as a stamp could send them. */
export const batches: fc.Arbitrary<Batch> = fc
  .array(resources, { minLength: 1, maxLength: 5 })
  .chain((listed) => hours.map((window) => ({ listed, window })))
  .chain(({ listed, window }) => {
    const rows: fc.Arbitrary<ReportedRow> = fc.record(
      {
        resource: fc.integer({ min: 0, max: listed.length - 1 }),
        meterId: meterIds,
        usageHour: fc.integer({ min: Math.max(0, window - 87_660), max: window + 24 }),
        quantity: quantities,
      },
      PLAIN,
    );
    return fc.record(
      {
        window: fc.constant(window),
        sequence: fc.integer({ min: 1, max: 1_000_000 }),
        resources: fc.constant(listed),
        rows: fc.array(rows, { minLength: 1, maxLength: 10 }),
      },
      PLAIN,
    );
  });

/** Sums of meters, each meter once, in order. */
export const meterSums: fc.Arbitrary<MeterSum[]> = fc
  .uniqueArray(
    fc.record(
      {
        meterId: meterIds.map((id) => id.toLowerCase()),
        rows: fc.integer({ min: 0, max: 1_000_000 }),
        quantity: quantities,
      },
      PLAIN,
    ),
    { selector: ({ meterId }) => meterId, maxLength: 5 },
  )
  .map(sortMeters);

/** Whoever reports in these tests. */
export const OWNER = {
  registrationId: '11111111-0000-4000-8000-000000000001',
  cloudId: '22222222-0000-4000-8000-000000000002',
};
