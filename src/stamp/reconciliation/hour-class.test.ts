import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hourNumber, hourStart } from '../../kernel/index.ts';
import {
  acceptedWithin,
  addHour,
  classOfHour,
  hourCauses,
  type HourSpan,
  type ReportingFacts,
  type ReportingPeriod,
} from './hour-class.ts';

const nothing: ReportingFacts = {
  periods: [],
  receipted: [],
  earlier: [],
  stuck: undefined,
  offSince: undefined,
  isRemoved: false,
};

function period(
  fromWindow: number,
  nextWindow: number,
  endReason?: ReportingPeriod['endReason'],
  endedAt?: number,
): ReportingPeriod {
  return {
    fromWindow,
    nextWindow,
    endReason,
    endedAt: endReason === undefined ? undefined : startOf(endedAt ?? nextWindow),
  };
}

/** When an hour begins. */
function startOf(hour: number): Temporal.Instant {
  return hourStart(hourNumber(hour));
}

/** The class of an hour that is open, or that closed a few minutes after its end. */
function classOf(hour: number, isClosed: boolean, facts: ReportingFacts): string {
  const closedAt = isClosed ? startOf(hour + 1).add({ minutes: 5 }) : undefined;
  return classOfHour({ hour, closedAt }, facts);
}

describe('the class of a reported hour', () => {
  const facts: ReportingFacts = {
    ...nothing,
    periods: [
      period(10, 20, 'ReportingOff'),
      period(30, 35, 'Removed'),
      period(40, 50, 'Removed'),
      period(60, 70),
    ],
  };
  const cases: [number, boolean, string][] = [
    [9, true, 'unregistered time'],
    [10, true, 'received'],
    [19, true, 'received'],
    [20, true, 'reporting off'],
    [29, false, 'reporting off'],
    [30, true, 'received'],
    [35, true, 'unregistered time'],
    [40, true, 'received'],
    [50, true, 'unregistered time'],
    [59, true, 'unregistered time'],
    [60, true, 'received'],
    [69, true, 'received'],
    [70, true, 'not yet sent'],
    [71, false, 'not yet closed'],
  ];
  for (const [hour, isClosed, expected] of cases) {
    it(`${hour}, ${isClosed ? 'closed' : 'open'}: ${expected}`, () =>
      assert.equal(classOf(hour, isClosed, facts), expected));
  }

  it('tells the window that commerce refuses, and those behind it', () => {
    const refused = { ...facts, stuck: { from: 72, as: 'refused' } } as const;
    const classes = [71, 72, 73].map((hour) => classOf(hour, true, refused));
    assert.deepEqual(classes, ['not yet sent', 'refused', 'refused']);
    assert.equal(classOf(74, false, refused), 'not yet closed');
    const unfit = { ...facts, stuck: { from: 72, as: 'not fit to be sent' } } as const;
    assert.equal(classOf(73, true, unfit), 'not fit to be sent');
  });

  it('tells what had closed, and was not sent, when reporting ended', () => {
    for (const reason of ['ReportingOff', 'Removed'] as const) {
      const ended = { ...nothing, periods: [period(10, 20, reason, 24)] };
      const classes = [20, 22, 23, 24].map((hour) => classOf(hour, true, ended));
      const after = reason === 'Removed' ? 'unregistered time' : 'reporting off';
      assert.deepEqual(classes, ['left behind', 'left behind', after, after]);
      assert.equal(classOf(22, false, ended), after);
    }
  });

  it('is not reporting off under a registration that was removed', () => {
    const off = { ...nothing, offSince: 3, periods: [period(10, 20, 'ReportingOff')] };
    assert.equal(classOf(30, true, off), 'reporting off');
    assert.equal(classOf(30, true, { ...off, isRemoved: true }), 'unregistered time');
    // Between two periods it was off all the same.
    const between = { ...off, periods: [...off.periods, period(40, 45, 'Removed')] };
    assert.equal(classOf(30, true, { ...between, isRemoved: true }), 'reporting off');
  });

  it('counts what has a receipt as received, whatever commerce says now', () => {
    const receipted = { ...facts, receipted: [{ from: 70, to: 72 }] };
    assert.equal(classOf(71, true, receipted), 'received');
    assert.equal(classOf(72, true, receipted), 'not yet sent');
  });

  it('tells what was reported under a registration before', () => {
    const earlier = { ...facts, earlier: [{ from: 0, to: 12 }] };
    assert.equal(classOf(9, true, earlier), 'earlier registration');
    assert.equal(classOf(10, true, earlier), 'received');
  });

  it('is reporting off from when on a registration says so, also when it never was on', () => {
    const off = { ...nothing, offSince: 5 };
    assert.deepEqual(
      [4, 5].map((hour) => classOf(hour, true, off)),
      ['unregistered time', 'reporting off'],
    );
    const again = { ...facts, offSince: 37 };
    assert.equal(classOf(36, true, again), 'unregistered time');
    assert.equal(classOf(37, true, again), 'reporting off');
    assert.equal(classOf(70, true, again), 'not yet sent');
  });

  it('is unregistered time throughout without a registration, closed or not', () => {
    assert.equal(classOf(5, true, nothing), 'unregistered time');
    assert.equal(classOf(5, false, nothing), 'unregistered time');
  });
});

const spans: fc.Arbitrary<HourSpan[]> = fc
  .array(fc.tuple(fc.nat(60), fc.nat(8)), { maxLength: 3 })
  .map((pairs) => pairs.map(([from, length]) => ({ from, to: from + length })));

/** Periods one after another, the last of which may go on. */
const periods: fc.Arbitrary<ReportingPeriod[]> = fc
  .array(
    fc.record({
      gap: fc.nat(6),
      length: fc.nat(9),
      endReason: fc.constantFrom('ReportingOff', 'Removed'),
    }),
    { maxLength: 4 },
  )
  .chain((parts) => fc.boolean().map((goesOn) => ({ parts, goesOn })))
  .map(({ parts, goesOn }) => {
    let [at, before] = [0, -1];
    return parts.map(({ gap, length, endReason }, index): ReportingPeriod => {
      // No two begin with the same window, though one may have taken none.
      const from = Math.max(at + gap, before + 1);
      [at, before] = [from + length, from];
      const isLast = index === parts.length - 1;
      return period(from, at, isLast && goesOn ? undefined : endReason);
    });
  });

describe('whatever the facts', () => {
  const anyFacts = fc.record({
    periods,
    receipted: spans,
    earlier: spans,
    stuck: fc.option(
      fc.record({ from: fc.nat(70), as: fc.constantFrom('refused', 'not fit to be sent') }),
      { nil: undefined },
    ),
    isRemoved: fc.boolean(),
    offSince: fc.option(fc.nat(70), { nil: undefined }),
  });

  it('every hour has exactly one class, the same however often it is asked', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: -5, max: 90 }), fc.boolean(), (facts, hour, shut) => {
        const found = classOf(hour, shut, facts);
        assert.ok(['received', ...hourCauses].some((known) => known === found));
        const backwards = { ...facts, periods: facts.periods.toReversed() };
        assert.equal(classOf(hour, shut, backwards), found);
      }),
    );
  });

  it('an hour is accepted exactly when a period holds it, and asked for once', () => {
    fc.assert(
      fc.property(periods, fc.nat(30), fc.nat(40), (some, from, length) => {
        const range = { from, to: from + length };
        const accepted = acceptedWithin(some, range);
        for (let hour = from - 2; hour < range.to + 2; hour += 1) {
          const held = accepted.filter((span) => span.from <= hour && hour < span.to).length;
          const inRange = range.from <= hour && hour < range.to;
          const expected =
            inRange && classOf(hour, true, { ...nothing, periods: some }) === 'received';
          assert.equal(held, expected ? 1 : 0);
        }
      }),
    );
  });

  it('an hour that is accepted is never refused, unsent or open', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(70), (facts, hour) => {
        const isAccepted = acceptedWithin(facts.periods, { from: hour, to: hour + 1 }).length > 0;
        if (isAccepted) assert.equal(classOf(hour, false, facts), 'received');
      }),
    );
  });
});

it('hours that follow each other make one span', () => {
  const made: HourSpan[] = [];
  for (const hour of [3, 4, 5, 8, 10, 11]) addHour(made, hour);
  assert.deepEqual(made, [
    { from: 3, to: 6 },
    { from: 8, to: 9 },
    { from: 10, to: 12 },
  ]);
});
