import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hourNumber, hourOf, hourStart } from '../../kernel/index.ts';
import { parseTimeZone, periodBounds } from './calendar.ts';
import { missingPeriods } from './extend-periods.ts';

const at = (text: string) => hourOf(Temporal.Instant.from(text));
const lengthOf = (timeZone: string, text: string): number => {
  const { fromHour, toHour } = periodBounds({ billingDay: 1, timeZone }, at(text));
  return toHour - fromHour;
};

const ZONES = Intl.supportedValuesOf('timeZone');
const calendars = fc.record({
  billingDay: fc.integer({ min: 1, max: 28 }),
  timeZone: fc.constantFrom(...ZONES),
});
/** From 1975 to 2075. */
const hours = fc.integer({ min: 43_800, max: 920_000 }).map(hourNumber);

describe('the calendar of billing', () => {
  it('has months as long as they are where the account is', () => {
    assert.equal(lengthOf('Europe/Paris', '2026-03-10T00:00Z'), 743);
    assert.equal(lengthOf('Europe/Paris', '2026-10-10T00:00Z'), 745);
    assert.equal(lengthOf('UTC', '2028-02-10T00:00Z'), 696);
    assert.equal(lengthOf('UTC', '2026-02-10T00:00Z'), 672);
    assert.equal(lengthOf('Australia/Lord_Howe', '2026-04-10T00:00Z'), 721);
  });

  it('begins a period at the first whole hour in UTC that is not before local midnight', () => {
    const bounds = periodBounds(
      { billingDay: 15, timeZone: 'Asia/Kolkata' },
      at('2026-08-20T00:00Z'),
    );
    assert.equal(hourStart(bounds.fromHour).toString(), '2026-08-14T19:00:00Z');
    assert.equal(hourStart(bounds.toHour).toString(), '2026-09-14T19:00:00Z');
    assert.equal(bounds.name, '202608-1');
    const before = periodBounds(
      { billingDay: 15, timeZone: 'Asia/Kolkata' },
      at('2026-08-14T18:00Z'),
    );
    assert.equal(before.toHour, bounds.fromHour);
  });

  it('tiles time: each hour is in one period, whose neighbours meet it, with names of their own', () => {
    fc.assert(
      fc.property(calendars, hours, (calendar, hour) => {
        const own = periodBounds(calendar, hour);
        assert.ok(own.fromHour <= hour && hour < own.toHour);
        for (const inside of [own.fromHour, hourNumber(own.toHour - 1)]) {
          assert.deepEqual(periodBounds(calendar, inside), own);
        }
        const next = periodBounds(calendar, own.toHour);
        const previous = periodBounds(calendar, hourNumber(own.fromHour - 1));
        assert.equal(next.fromHour, own.toHour);
        assert.equal(previous.toHour, own.fromHour);
        assert.ok(previous.name < own.name && own.name < next.name);
        const length = own.toHour - own.fromHour;
        assert.ok(length >= 27 * 24 && length <= 32 * 24, String(length));
      }),
      { numRuns: 2000 },
    );
  });

  it('knows zones by their names, in any case, and no offsets', () => {
    assert.equal(parseTimeZone('europe/paris'), 'Europe/Paris');
    for (const text of ['', '+02:00', 'Europe/Nowhere', 'Z1']) {
      assert.equal(parseTimeZone(text), undefined, text);
    }
  });
});

describe('periods that are made on demand', () => {
  it('go on without gap or overlap, in both directions and through changes of the calendar', () => {
    const steps = fc.array(fc.tuple(calendars, hours, fc.integer({ min: 1, max: 3000 })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(steps, (asked) => {
        let all: ReturnType<typeof missingPeriods> = [];
        const [first] = asked;
        for (const [calendar, hour, length] of asked) {
          // Near the first, or a century of months would be made.
          const from = hourNumber(first![1] + (hour % 20_000) - 10_000);
          const to = hourNumber(from + length);
          const before = all;
          const missing = missingPeriods(calendar, all, from, to);
          all = [...all, ...missing].toSorted((one, other) => one.fromHour - other.fromHour);
          assert.ok(all[0]!.fromHour <= from && all.at(-1)!.toHour >= to);
          assert.ok(before.every((one) => all.includes(one)));
          assert.deepEqual(missingPeriods(calendar, all, from, to), []);
        }
        for (const [place, one] of all.entries()) {
          assert.ok(one.toHour - one.fromHour >= 24);
          const next = all[place + 1];
          if (next !== undefined) assert.equal(next.fromHour, one.toHour);
        }
        assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('take another billing day after the last that there is', () => {
    const utc = { billingDay: 1, timeZone: 'UTC' };
    const october = missingPeriods(utc, [], at('2026-10-05T00:00Z'), at('2026-10-06T00:00Z'));
    const later = missingPeriods(
      { billingDay: 15, timeZone: 'UTC' },
      october,
      at('2026-10-05T00:00Z'),
      at('2026-11-20T00:00Z'),
    );
    assert.deepEqual(
      [...october, ...later].map(({ name, toHour }) => [name, hourStart(toHour).toString()]),
      [
        ['202610-1', '2026-11-01T00:00:00Z'],
        ['202611-1', '2026-11-15T00:00:00Z'],
        ['202611-2', '2026-12-15T00:00:00Z'],
      ],
    );
    const early = missingPeriods(utc, october, at('2026-08-30T00:00Z'), at('2026-08-31T00:00Z'));
    assert.deepEqual(
      early.map(({ name }) => name),
      ['202608-1', '202609-1'],
    );
  });

  it('are named for their month where another zone begins some hours before it', () => {
    const utc = { billingDay: 1, timeZone: 'UTC' };
    const october = missingPeriods(utc, [], at('2026-10-05T00:00Z'), at('2026-10-06T00:00Z'));
    const [november] = missingPeriods(
      { billingDay: 1, timeZone: 'America/New_York' },
      october,
      at('2026-10-05T00:00Z'),
      at('2026-11-02T00:00Z'),
    );
    assert.equal(november?.name, '202611-1');
    assert.equal(hourStart(november.toHour).toString(), '2026-12-01T05:00:00Z');
  });

  it('are twenty years at once at most', () => {
    const utc = { billingDay: 1, timeZone: 'UTC' };
    const from = at('2006-10-01T00:00Z');
    const october = missingPeriods(utc, [], at('2026-10-05T00:00Z'), at('2026-10-06T00:00Z'));
    const all = missingPeriods(utc, october, from, at('2026-10-06T00:00Z'));
    assert.equal(all.length, 240);
    const more = () => missingPeriods(utc, october, hourNumber(from - 1), at('2026-10-06T00:00Z'));
    assert.throws(more, { code: 'BillingPeriodsTooMany' });
    const later = () => missingPeriods(utc, october, from, at('9026-10-06T00:00Z'));
    assert.throws(later, { code: 'BillingPeriodsTooMany' });
  });
});
