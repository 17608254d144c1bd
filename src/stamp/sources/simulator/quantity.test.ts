import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../../../kernel/index.ts';
import { gigabytes, scaled, shareOfMonth, siteMonthHour, TICKS_PER_HOUR } from './quantity.ts';

function decimal(text: string): Decimal {
  const value = Decimal.parse(text);
  assert.ok(value, `${text} is no decimal`);
  assert.equal(value.toText(), text, 'the text is canonical');
  return value;
}

describe('quantities of the simulator', () => {
  it('writes counts of small units', () => {
    assert.equal(scaled(1, 4), '0.0001');
    assert.equal(scaled(10_000, 4), '1');
    assert.equal(scaled(25_500, 4), '2.55');
    assert.equal(scaled(0, 4), '0');
    assert.equal(scaled(17, 0), '17');
  });

  it('writes pages as GB of 2^30 bytes, exactly', () => {
    assert.equal(gigabytes(1), '0.000003814697265625');
    assert.equal(gigabytes(32), '0.0001220703125');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 34 }), (pages) => {
        const text = decimal(gigabytes(pages));
        assert.ok(
          text.multiply(Decimal.fromBigInt(262_144n)).equals(Decimal.fromBigInt(BigInt(pages))),
        );
      }),
    );
  });

  it('cuts a month into shares that add up to exactly one piece', () => {
    for (const hours of [672, 696, 720, 744]) {
      let sum = Decimal.zero;
      for (let hour = 0; hour < hours; hour++) {
        const from = hour * TICKS_PER_HOUR;
        sum = sum.add(decimal(shareOfMonth(from, from + TICKS_PER_HOUR, hours)));
      }
      assert.equal(sum.toText(), '1');
    }
    assert.equal(shareOfMonth(0, TICKS_PER_HOUR, 744), '0.001344086021505376');
  });

  it('cuts a month anywhere without losing anything', () => {
    const tick = fc.integer({ min: 0, max: 744 * TICKS_PER_HOUR });
    fc.assert(
      fc.property(
        fc.array(tick, { maxLength: 8 }),
        fc.integer({ min: 1, max: 2 ** 28 }),
        (cuts, pages) => {
          const edges = [0, ...cuts.toSorted((a, b) => a - b), 744 * TICKS_PER_HOUR];
          let sum = Decimal.zero;
          for (const [index, to] of edges.slice(1).entries()) {
            sum = sum.add(decimal(shareOfMonth(edges[index] ?? 0, to, 744, pages)));
          }
          assert.equal(sum.toText(), gigabytes(pages));
        },
      ),
    );
  });

  it('counts a site in millionths of a month', () => {
    assert.equal(siteMonthHour(744), '0.001344');
    assert.equal(siteMonthHour(720), '0.001389');
    assert.equal(siteMonthHour(696), '0.001437');
    assert.equal(siteMonthHour(672), '0.001488');
  });
});
