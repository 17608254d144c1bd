import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  Decimal,
  hourNumber,
  hourStart,
  meterKey,
  parseMeterId,
  parseSubscriptionId,
  StackmeterError,
} from '../../kernel/index.ts';
import {
  compareCell,
  minus,
  NOTHING,
  plus,
  type Amount,
  type Cell,
  type ReceivedTotal,
} from './compare.ts';
import { planDay, type PartClass, type StampHour } from './day-plan.ts';
import { hourCauses, type ReportingFacts } from './hour-class.ts';
import { sumLines } from './lines.ts';

const place = {
  day: 20_000,
  subscriptionId: parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!,
  meterKey: meterKey(parseMeterId('M')!),
};

function amount(rows: number, quantity: string): Amount {
  return { rows: BigInt(rows), quantity: Decimal.parse(quantity)! };
}

function total(rows: number, quantity: string, onBase = '0', unpaid = '0'): ReceivedTotal {
  return {
    ...place,
    ...amount(rows, quantity),
    onBase: Decimal.parse(onBase)!,
    unpaid: Decimal.parse(unpaid)!,
  };
}

function cell(
  parts: [PartClass, Amount][],
  received?: ReceivedTotal,
  source: Cell['source'] = 'hours',
): Cell {
  return { ...place, source, parts: new Map(parts), received, billing: undefined };
}

const told = (of: Cell): [string, string, bigint][] =>
  [...compareCell(of).causes].map(([cause, { quantity, rows }]) => [
    cause,
    quantity.toText(),
    rows,
  ]);

describe('a place', () => {
  it('that is equal on both sides has no difference and no cause', () => {
    assert.deepEqual(told(cell([['received', amount(2, '1.50')]], total(2, '1.5'))), []);
  });

  it('names each class that commerce has not', () => {
    const parts: [PartClass, Amount][] = [
      ['received', amount(1, '1')],
      ['not yet sent', amount(2, '0.1')],
      ['not yet closed', amount(3, '0.02')],
    ];
    assert.deepEqual(told(cell(parts, total(1, '1'))), [
      ['not yet sent', '0.1', 2n],
      ['not yet closed', '0.02', 3n],
    ]);
  });

  it('is unexplained when too much, too little, or rows without quantity differ', () => {
    const counted: [PartClass, Amount][] = [['received', amount(1, '1')]];
    assert.deepEqual(told(cell(counted, total(1, '0.9'))), [['unexplained', '0.1', 0n]]);
    assert.deepEqual(told(cell(counted, total(2, '1'))), [['unexplained', '0', -1n]]);
    assert.deepEqual(told(cell(counted)), [['unexplained', '1', 1n]]);
    assert.deepEqual(told(cell([], total(1, '3'))), [['unexplained', '-3', -1n]]);
  });

  it('of which only the received side is known is past retention', () => {
    assert.deepEqual(told(cell([], total(4, '3'), 'gone')), [['past retention', '-3', -4n]]);
  });

  it('of daily rows is compared by quantity', () => {
    const daily: [PartClass, Amount][] = [['received', amount(1, '24')]];
    assert.deepEqual(told(cell(daily, total(24, '24'), 'day')), []);
    assert.deepEqual(told(cell(daily, total(24, '23'), 'day')), [['unexplained', '1', 0n]]);
    const mixed: [PartClass, Amount][] = [['past retention', amount(1, '24')]];
    assert.deepEqual(told(cell(mixed, total(20, '20'), 'day')), [['past retention', '4', 0n]]);
    // All hours of the day are in its rows, so what they have none of was never counted.
    assert.deepEqual(told(cell([], total(1, '1'), 'day')), [['unexplained', '-1', 0n]]);
  });
});

const quantities = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
  .map(([unscaled, scale]) => Decimal.fromBigInt(unscaled, scale));
const amounts = fc.record({ rows: fc.bigInt({ min: 0n, max: 1000n }), quantity: quantities });
const totals = amounts.map((received): ReceivedTotal => ({
  ...place,
  ...received,
  onBase: Decimal.zero,
  unpaid: Decimal.zero,
}));
const cells = fc
  .record({
    parts: fc.dictionary(
      fc.constantFrom<PartClass>('received', 'past retention', ...hourCauses),
      amounts,
    ),
    received: fc.option(totals, { nil: undefined }),
    source: fc.constantFrom<Cell['source']>('hours', 'day', 'gone'),
    day: fc.integer({ min: 20_000, max: 20_002 }),
  })
  .map(({ parts, ...rest }): Cell => ({
    ...place,
    ...rest,
    parts: new Map(Object.entries(parts).filter(isPart)),
    billing: undefined,
  }));

function isPart(entry: [string, Amount]): entry is [PartClass, Amount] {
  return ['received', 'past retention', ...hourCauses].includes(entry[0]);
}

describe('whatever is compared', () => {
  it('the causes add up to the difference, exactly', () => {
    fc.assert(
      fc.property(cells, (some) => {
        const { stamp, received, difference, causes } = compareCell(some);
        const sum = [...causes.values()].reduce(plus, NOTHING);
        assert.equal(sum.quantity.toText(), difference.quantity.toText());
        assert.deepEqual(minus(stamp, received), difference);
        if (some.source !== 'day') assert.equal(sum.rows, difference.rows);
      }),
    );
  });

  it('they add up in lines of any dimensions, and opposite faults do not hide each other', () => {
    fc.assert(
      fc.property(
        fc.array(cells, { maxLength: 8 }),
        fc.subarray(['day', 'meter', 'subscription'] as const, { minLength: 1 }),
        (some, by) => {
          const lines = sumLines(by);
          const comparisons = some.map(compareCell);
          for (const comparison of comparisons) lines.add(comparison);
          const made = lines.take(true);
          for (const line of made) {
            const sum = line.causes.reduce<Amount>(plus, NOTHING);
            assert.equal(sum.quantity.toText(), line.difference!.quantity.toText());
          }
          const places = made
            .flatMap((line) => line.causes)
            .filter(({ cause }) => cause === 'unexplained')
            .reduce((count, cause) => count + cause.places, 0);
          const faults = comparisons.filter(({ causes }) => causes.has('unexplained')).length;
          assert.equal(places, faults);
          assert.deepEqual(lines.take(true), []);
        },
      ),
    );
  });
});

describe('lines', () => {
  it('carry where it went', () => {
    const lines = sumLines(['meter']);
    lines.add(compareCell(cell([['received', amount(1, '5')]], total(1, '5', '2', '0.5'))));
    const [line] = lines.take(true);
    assert.deepEqual(
      line?.notes.map(({ note, quantity }) => [note, quantity.toText()]),
      [
        ['mapped to base', '2'],
        ['unpaid meter', '0.5'],
      ],
    );
    assert.deepEqual([line?.day, line?.subscriptionId], [undefined, undefined]);
  });

  it('say nothing of the other side while it is not known', () => {
    const lines = sumLines(['meter']);
    lines.add(
      compareCell(
        cell([
          ['received', amount(1, '5')],
          ['not yet sent', amount(1, '1')],
        ]),
      ),
    );
    const [line] = lines.take(false);
    assert.deepEqual([line?.received, line?.difference], [undefined, undefined]);
    assert.deepEqual(
      line?.causes.map(({ cause }) => cause),
      ['not yet sent'],
    );
    assert.deepEqual(
      line?.notes.map(({ note, quantity }) => [note, quantity.toText()]),
      [['receipted', '5']],
    );
  });

  it('are there for days without usage when days are all that is asked for', () => {
    const [days, meters] = [sumLines(['day']), sumLines(['day', 'meter'])];
    for (const lines of [days, meters]) lines.touchDay(1);
    assert.deepEqual([days.take(true).length, meters.take(true).length], [1, 0]);
  });

  it('are refused when they are too many, those that were taken counted in', () => {
    const lines = sumLines(['day'], { most: 2 });
    lines.touchDay(1);
    lines.take(true);
    lines.touchDay(2);
    lines.touchDay(2);
    assert.throws(
      () => lines.touchDay(3),
      (error) =>
        error instanceof StackmeterError &&
        error.code === 'InvalidProperty' &&
        /more than 2 lines; ask by fewer/.test(error.message),
    );
  });
});

describe('a day', () => {
  const facts: ReportingFacts = {
    periods: [{ fromWindow: 30, nextWindow: 100, endReason: undefined, endedAt: undefined }],
    receipted: [],
    earlier: [],
    stuck: undefined,
    offSince: undefined,
    isRemoved: false,
  };
  const hoursOf = (day: number, isExpired: boolean): StampHour[] =>
    Array.from({ length: 24 }, (_, at) => ({
      hour: day * 24 + at,
      closedAt: hourStart(hourNumber(day * 24 + at + 1)),
      isExpired,
      rows: 1n,
    }));
  const wide = { from: 0, to: 1000 };

  it('that is kept is summed by hour', () => {
    const plan = planDay(1, hoursOf(1, false), wide, facts);
    assert.equal(plan.source, 'hours');
    const classes = plan.hours.map(({ partClass }) => partClass);
    assert.deepEqual(
      [classes[0], classes[5], classes[6]],
      ['unregistered time', 'unregistered time', 'received'],
    );
  });

  it('past retention is summed from daily rows when it is whole', () => {
    const plan = planDay(2, hoursOf(2, true), wide, facts);
    assert.deepEqual([plan.source, plan.dayClass], ['day', 'received']);
  });

  it('past retention whose hours are of two classes cannot tell them apart', () => {
    const plan = planDay(1, hoursOf(1, true), wide, facts);
    assert.deepEqual([plan.source, plan.dayClass], ['day', 'past retention']);
    assert.ok(plan.hours.every(({ partClass }) => partClass === 'past retention'));
  });

  it('past retention of which hours are asked for cannot be counted', () => {
    const plan = planDay(2, hoursOf(2, true).slice(1), { from: 49, to: 1000 }, facts);
    assert.equal(plan.source, 'gone');
    assert.ok(plan.hours.every(({ partClass }) => partClass === 'past retention'));
  });
});
