import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PriceItem } from '../price.ts';
import { contentOf, d, itemOf, VM, WINDOWS } from '../test-prices.ts';
import { checkPriceList } from './check.ts';

const METERS = [
  { commerceMeterId: VM.toUpperCase(), name: 'Base VM', paid: true },
  { commerceMeterId: WINDOWS, name: 'Windows VM', paid: true },
  { commerceMeterId: 'ip', name: 'Addresses', paid: false },
];

const priced = itemOf({ meterId: WINDOWS });

function problemsOf(...items: readonly PriceItem[]): string[] {
  return checkPriceList(contentOf(items), METERS).map(
    ({ severity, place, problem }) => `${severity} ${place} ${problem}`,
  );
}

function tiered(
  ...tiers: readonly (readonly [upTo: string | undefined, price: string])[]
): PriceItem {
  return itemOf({
    price: {
      kind: 'graduated',
      tiers: tiers.map(([upTo, unitPrice]) => ({
        upTo: upTo === undefined ? undefined : d(upTo),
        unitPrice: d(unitPrice),
      })),
    },
  });
}

describe('checking a price list', () => {
  it('finds nothing in one that is good', () => {
    assert.deepEqual(problemsOf(itemOf(), priced, itemOf({ meterId: 'IP' })), []);
  });

  it('finds tiers that overlap, have no open end, or one too early', () => {
    const at = 'error $.items[1].price.tiers';
    const overlap = `${at}[1].upTo it overlaps: it has to be above 10, where the one before ends`;
    assert.deepEqual(problemsOf(priced, tiered(['10', '1'], ['10', '2'], [undefined, '3'])), [
      overlap,
    ]);
    assert.deepEqual(problemsOf(priced, tiered(['0', '1'], [undefined, '2'])), [
      `${at}[0].upTo it overlaps: it has to be above 0, where the one before ends`,
    ]);
    assert.deepEqual(problemsOf(priced, tiered(['10', '1'])), [
      `${at}[0].upTo the last has no end, or nothing above 10 has a price`,
    ]);
    assert.deepEqual(problemsOf(priced, tiered([undefined, '1'], [undefined, '2'])), [
      `${at}[0].upTo only the last may have no end; those behind overlap`,
    ]);
  });

  it('finds figures below zero, and a minimum above the maximum', () => {
    const wrong = [
      itemOf({ price: { kind: 'flat', unitPrice: d('-1') } }),
      itemOf({ meterId: WINDOWS, minimum: d('2'), maximum: d('1'), included: d('-1') }),
      itemOf({ meterId: 'ip', price: { kind: 'package', size: d('0'), packagePrice: d('-1') } }),
    ];
    assert.deepEqual(problemsOf(...wrong), [
      'error $.items[0].price.unitPrice it is below zero',
      'error $.items[1].included it is below zero',
      'error $.items[1].minimum it is above the maximum',
      'error $.items[2].price.size a package holds more than nothing',
      'error $.items[2].price.packagePrice it is below zero',
    ]);
  });

  it('finds a meter that has two prices, one that nobody knows, and paid ones without a price', () => {
    assert.deepEqual(
      problemsOf(itemOf(), itemOf({ meterId: VM.toUpperCase() }), itemOf({ meterId: 'x' })),
      [
        'error $.items[1].meterId $.items[0] has a price for this meter already',
        'warning $.items[2].meterId no meter of commerce has the id x',
        `warning $.items the meter ${WINDOWS} (Windows VM) is paid and has no price; invoices with its usage will wait`,
      ],
    );
  });

  it('finds where more costs less together', () => {
    const cliff = itemOf({
      included: d('5'),
      price: {
        kind: 'volume',
        tiers: [
          { upTo: d('100'), unitPrice: d('1') },
          { upTo: d('200'), unitPrice: d('0.9') },
          { upTo: undefined, unitPrice: d('0.9') },
        ],
      },
    });
    assert.deepEqual(problemsOf(cliff, priced), [
      'notice $.items[0].price 105 units cost 100 together, and anything more costs 90 at first',
    ]);
    assert.deepEqual(problemsOf({ ...cliff, minimum: d('100') }, priced), []);
  });
});
