import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayNumber } from '../../../kernel/index.ts';
import { d } from '../test-prices.ts';
import { taxFor, type TaxCategory, type TaxRate } from './tax.ts';

let number = 0;
function rateOf(
  sellerCountry: string,
  buyerCountry: string,
  category: TaxCategory,
  changes: Partial<TaxRate> = {},
): TaxRate {
  number += 1;
  return {
    taxRate: number,
    sellerCountry,
    buyerCountry,
    businessOnly: false,
    category,
    percent: d(category === 'S' ? '20' : '0'),
    reason: undefined,
    fromDay: dayNumber(0),
    createdAt: Temporal.Instant.from('2026-01-01T00:00Z'),
    ...changes,
  };
}

const TABLE = [
  rateOf('*', '*', 'O'),
  rateOf('FR', '*', 'G'),
  rateOf('FR', 'FR', 'S'),
  rateOf('FR', 'DE', 'S', { percent: d('19') }),
  rateOf('FR', 'DE', 'AE', { businessOnly: true, reason: 'reverse charge' }),
  rateOf('FR', '*', 'AE', { businessOnly: true, reason: 'reverse charge' }),
  rateOf('FR', 'DE', 'S', { percent: d('18'), fromDay: dayNumber(100) }),
];

describe('the tax of a sale', () => {
  const taxOf = (
    seller: string,
    buyer: string,
    { taxId, exemption, day = 50 }: { taxId?: string; exemption?: string; day?: number } = {},
  ): string => {
    const sale = {
      seller: { country: seller },
      buyer: { country: buyer, taxId, exemption },
      day: dayNumber(day),
    };
    const verdict = taxFor(TABLE, sale);
    return verdict === undefined ? 'none' : `${verdict.category} ${verdict.percent.toText()}`;
  };

  it('is that of the most particular entry', () => {
    assert.equal(taxOf('fr', 'de'), 'S 19');
    assert.equal(taxOf('FR', 'DE', { taxId: 'DE1' }), 'AE 0');
    assert.equal(taxOf('FR', 'JP'), 'G 0');
    assert.equal(taxOf('FR', 'JP', { taxId: 'x' }), 'AE 0');
    assert.equal(taxOf('US', 'FR'), 'O 0');
  });

  it('is at home that of home, whoever buys', () => {
    assert.equal(taxOf('FR', 'FR', { taxId: 'FR1' }), 'S 20');
  });

  it('is that of the latest day that has come, and of the entry made last', () => {
    assert.equal(taxOf('FR', 'DE', { day: 100 }), 'S 18');
    const later = rateOf('FR', 'FR', 'S', { percent: d('21') });
    const sale = {
      seller: { country: 'FR' },
      buyer: { country: 'FR', taxId: undefined, exemption: undefined },
      day: dayNumber(50),
    };
    assert.equal(taxFor([later, ...TABLE], sale)?.percent.toText(), '21');
  });

  it('is none for a buyer that is exempt, for its reason', () => {
    const sale = {
      seller: { country: 'FR' },
      buyer: { country: 'FR', taxId: undefined, exemption: 'diplomatic mission' },
      day: dayNumber(50),
    };
    const verdict = taxFor(TABLE, sale);
    assert.deepEqual([verdict?.category, verdict?.reason], ['E', 'diplomatic mission']);
  });

  it('is not known where no entry fits', () => {
    const sale = {
      seller: { country: 'US' },
      buyer: { country: 'US', taxId: undefined, exemption: undefined },
      day: dayNumber(50),
    };
    assert.equal(taxFor(TABLE.slice(1), sale), undefined);
    assert.equal(taxFor([], sale), undefined);
  });
});
