/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  formatDecimal,
  formatExact,
  formatMoney,
  formatPercent,
  formatPeriod,
  formatTime,
} from './format.ts';

/** A decimal as the service writes it: no leading and no trailing zeros. */
const decimal = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 24n }),
    fc.stringMatching(/^(?:\d{0,19}[1-9])?$/),
  )
  .map(([isNegative, whole, part]) => {
    const text = part === '' ? String(whole) : `${whole}.${part}`;
    return isNegative && text !== '0' ? `-${text}` : text;
  });

/** What a language wrote, as the service writes it. */
function readBack(text: string, point: string): string {
  const [whole = '', part] = text.replace('−', '-').split(point);
  const digits = whole.replaceAll(/[^\d-]/g, '');
  return part === undefined ? digits : `${digits}.${part.replaceAll(/\D/g, '')}`;
}

describe('decimals', () => {
  it('keep every digit, in both languages', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        assert.equal(readBack(formatExact('en', text), '.'), text);
        assert.equal(readBack(formatExact('fr', text), ','), text);
      }),
    );
  });

  it('as exact money keep every digit too', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const written = readBack(formatMoney('en', text, 'EUR', { exact: true }), '.');
        const [whole, part = ''] = text.split('.');
        assert.equal(written, `${whole}.${part.padEnd(2, '0')}`);
      }),
    );
  });

  it('are rounded half to even where they are shortened', () => {
    assert.equal(formatMoney('en', '0.125', 'EUR'), '€0.12');
    assert.equal(formatMoney('en', '0.135', 'EUR'), '€0.14');
    assert.equal(formatMoney('en', '12345678901234567.895', 'EUR'), '€12,345,678,901,234,567.90');
    // What is left of a rounding is no debt: it has no sign before a zero.
    assert.equal(formatMoney('en', '-0.0027', 'EUR'), '€0.00');
    assert.equal(formatMoney('en', '-0.0051', 'EUR'), '-€0.01');
    assert.equal(formatDecimal('en', '1.00000050'), '1');
    assert.equal(formatDecimal('en', '0.0000015'), '0.000002');
  });

  it('have the minor units of their currency', () => {
    assert.equal(formatMoney('en', '1234.5', 'JPY'), '¥1,234');
    assert.equal(formatMoney('fr', '1234.5', 'EUR').replaceAll(/\s/g, ' '), '1 234,50 €');
    assert.equal(formatMoney('en', '1234.5', 'no such'), '1,234.50 no such');
  });

  it('that are none are shown as they are', () => {
    assert.equal(formatDecimal('en', 'unlimited'), 'unlimited');
    assert.equal(formatMoney('en', '', 'EUR'), '');
    assert.equal(formatPercent('en', '12.34'), '12.3%');
  });
});

describe('times', () => {
  it('are told in UTC, and days are the same day everywhere', () => {
    assert.equal(formatTime('en', '2026-11-23T23:30:00Z'), 'Nov 23, 2026, 23:30');
    assert.equal(formatTime('en', '2026-11-23'), 'Nov 23, 2026');
    assert.equal(formatTime('fr', '2026-11-23', 'month'), 'novembre 2026');
    assert.equal(
      formatTime('en', '2026-11-23T23:30:00Z', 'minute', 'Europe/Paris'),
      'Nov 24, 2026, 00:30',
    );
    assert.equal(formatTime('en', '2026-11-23', 'day', 'Pacific/Kiritimati'), 'Nov 23, 2026');
  });

  it('that are none are shown as they are', () => {
    assert.equal(formatTime('en', 'soon'), 'soon');
  });

  it('of billing periods are their months', () => {
    assert.equal(formatPeriod('en', '202611-1'), 'November 2026');
    assert.equal(formatPeriod('fr', '202611-2'), 'novembre 2026 (2)');
    assert.equal(formatPeriod('en', 'first'), 'first');
  });
});
