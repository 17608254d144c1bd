import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, parseCurrency } from '../../../kernel/index.ts';
import { decimal } from '../../../../test/documents/invoices.ts';
import { formatsOf, type Formats } from './formats.ts';
import { fillIn, texts } from './texts.ts';

function formats(language: 'en' | 'fr', code = 'EUR'): Formats {
  const currency = parseCurrency(code);
  assert.ok(currency !== undefined);
  return formatsOf(texts[language], currency);
}

describe('the formats of a language', () => {
  it('write money, quantities, rates and days in English', () => {
    const english = formats('en');
    assert.equal(english.money(decimal('-1234567.5')), '-€1,234,567.50');
    assert.equal(english.amount(decimal('1234.5')), '1,234.50');
    assert.equal(english.price(decimal('0.000012345678901')), '0.000012345678901');
    assert.equal(english.quantity(decimal('1234.1234565')), '1,234.123456');
    assert.equal(english.percent(decimal('5.5')), '5.5%');
    assert.equal(english.day('2026-11-03'), '3 November 2026');
    assert.equal(english.month('2026-09'), 'September 2026');
    assert.equal(english.country('DE'), 'Germany');
  });

  it('write them in French, with spaces that do not break', () => {
    const french = formats('fr');
    assert.equal(french.money(decimal('1234567.5')), '1\u202F234\u202F567,50\u00A0€');
    assert.equal(french.percent(decimal('20')), '20\u00A0%');
    assert.equal(french.day('2026-12-01'), '1 décembre 2026');
  });

  it('write as many digits as the currency has', () => {
    assert.equal(formats('en', 'JPY').money(decimal('1050')), 'JP¥1,050');
    assert.equal(formats('en', 'KWD').amount(decimal('1.5')), '1.500');
  });

  it('leave alone what is no month', () => {
    assert.equal(formats('en').month('2026-13'), '2026-13');
    assert.equal(formats('en').month('the last quarter'), 'the last quarter');
  });

  it('keep every digit of an amount, however large', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (cents) => {
        const amount = Decimal.fromBigInt(cents, 2);
        for (const language of ['en', 'fr'] as const) {
          const text = formats(language).amount(amount);
          const plain = text.replace(/[^\d.,-]/g, '').replace(/[.,](?=.*[.,])/g, '');
          assert.ok(Decimal.parse(plain.replace(',', '.'))?.equals(amount), text);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the texts', () => {
  it('have the same places to fill in, in every language', () => {
    const places = (value: unknown): unknown =>
      typeof value === 'string'
        ? [...value.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted()
        : Object.entries(value ?? {}).map(([key, inner]) => [key, places(inner)]);
    assert.deepEqual(places(texts.fr), places(texts.en));
  });

  it('are filled in', () => {
    assert.equal(fillIn(texts.en.page, { page: '1', pages: '4' }), '1 / 4');
  });
});
