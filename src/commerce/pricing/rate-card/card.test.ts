import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourNumber } from '../../../kernel/index.ts';
import { parseTerm } from '../terms/term.ts';
import { contentOf, d, itemOf, VM } from '../test-prices.ts';
import { metersById, writeRateCard, type PricesInForce } from './card.ts';

const prices: PricesInForce = {
  version: {
    priceListId: 'p',
    version: 1,
    effectiveFrom: hourNumber(498_000),
    sample: false,
    note: '',
    publishedAt: Temporal.Instant.from('2026-10-01T00:00Z'),
    content: contentOf([
      itemOf({ included: d('10.5'), price: { kind: 'flat', unitPrice: d('0.0000083333') } }),
      itemOf({
        meterId: 'tiers',
        name: 'Tiers',
        price: {
          kind: 'graduated',
          tiers: [
            { upTo: d('0.5'), unitPrice: d('3') },
            { upTo: d('100'), unitPrice: d('2') },
            { upTo: undefined, unitPrice: d('1') },
          ],
        },
      }),
      itemOf({ meterId: 'pack', price: { kind: 'package', size: d('3'), packagePrice: d('1') } }),
      itemOf({ meterId: 'share', price: { kind: 'percentage', percent: d('2.5') } }),
      itemOf({ meterId: 'stairs', price: { kind: 'stairstep', steps: [] } }),
    ]),
  },
};

const meters = metersById(
  [1, 2].map((meter) => ({
    meter,
    localMeterId: `l${meter}`,
    version: 1,
    commerceMeterId: VM.toUpperCase(),
    name: `Base VM ${meter}`,
    category: 'Azure Stack Hub',
    subCategory: 'VM',
    region: 'Azure Stack',
    unit: 'Virtual core hours',
    paid: true,
    origin: 'reference' as const,
    createdAt: Temporal.Instant.from('2026-10-01T00:00Z'),
  })),
);

describe('a rate card as the cloud writes it', () => {
  const write = (changes: Partial<PricesInForce> = {}): string =>
    writeRateCard({ ...prices, ...changes }, meters, { currency: 'usd', locale: 'en-US' });

  it('has the meters with rates by lower bound, numbers with all their digits', () => {
    const text = write();
    assert.ok(
      text.includes(
        '{"EffectiveDate":"2026-10-24T00:00:00Z","IncludedQuantity":10.5,"MeterCategory":"Azure Stack Hub",' +
          `"MeterId":"${VM}","MeterName":"Base VM 1","MeterRates":{"0":0.0000083333},"MeterRegion":"Azure Stack",` +
          '"MeterSubCategory":"VM","MeterTags":[],"Unit":"Virtual core hours"}',
      ),
      text,
    );
    assert.ok(text.includes('"MeterName":"Tiers","MeterRates":{"0":3,"0.5":2,"100":1}'), text);
    assert.ok(
      text.includes(
        '"MeterId":"pack","MeterName":"pack","MeterRates":{"0":0.33333333333333333333}',
      ),
    );
    assert.ok(text.includes('"MeterRates":{"0":0.025}'));
    assert.ok(!text.includes('stairs'));
    const { OfferTerms, Currency, Locale, IsTaxIncluded, Meters } = JSON.parse(text);
    assert.deepEqual([OfferTerms, Currency, Locale, IsTaxIncluded], [[], 'USD', 'en-US', false]);
    assert.equal(Meters.length, 4);
  });

  it('has the markups in its rates, and says when they are an example', () => {
    const scale = { factor: d('1.1'), exchangeRate: d('0.5') };
    assert.ok(write({ scale }).includes('"MeterRates":{"0":1.65,"0.5":1.1,"100":0.55}'));
    const sample = write({ version: { ...prices.version, sample: true } });
    assert.equal(JSON.parse(sample).Meters[0].MeterTags[0], 'Sample');
  });

  it('has fees of whole amounts for the account, commitments and credits as terms of the offer', () => {
    const terms = [
      { kind: 'fee', amount: '10' },
      { kind: 'fee', amount: '10.50' },
      { kind: 'fee', amount: '20', per: 'subscription' },
      { kind: 'commitment', amount: '500' },
      { kind: 'credit', amount: '99.5' },
      { kind: 'discount', percent: '5' },
    ].map((fields) => ({
      termId: 't',
      name: 't',
      definition: parseTerm(fields),
      effectiveFrom: hourNumber(498_000),
      effectiveTo: undefined,
    }));
    const EffectiveDate = '2026-10-24T00:00:00Z';
    assert.deepEqual(JSON.parse(write({ terms })).OfferTerms, [
      { Name: 'Recurring Charge', RecurringCharge: 10, EffectiveDate },
      {
        Name: 'Monetary Commitment',
        TieredDiscount: { '500': 0 },
        ExcludedMeterIds: [],
        EffectiveDate,
      },
      { Name: 'Monetary Credit', Credit: 99.5, ExcludedMeterIds: [], EffectiveDate },
    ]);
  });
});
