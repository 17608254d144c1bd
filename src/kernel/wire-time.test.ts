import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  formatWireTime,
  fromEpochMicroseconds,
  parseEpochMicroseconds,
  parseWireTime,
} from './wire-time.ts';

const runs = { numRuns: 2000 };
const firstNanosecond = -62_135_596_800_000_000_000n;
const lastNanosecond = 253_402_300_799_999_999_999n;

const instant = fc
  .oneof(
    fc.bigInt(firstNanosecond, lastNanosecond),
    fc.bigInt(firstNanosecond / 10n ** 9n, lastNanosecond / 10n ** 9n).map((s) => s * 10n ** 9n),
    fc.bigInt(0n, 4n * 10n ** 18n),
  )
  .map((nanoseconds) => Temporal.Instant.fromEpochNanoseconds(nanoseconds));

/** How an offset of so many minutes may be written. */
const offsetForms: ((sign: string, hours: string, minutes: string) => string)[] = [
  (sign, hours, minutes) => `${sign}${hours}:${minutes}`,
  (sign, hours, minutes) => `${sign}${hours}${minutes}`,
  (sign, hours, minutes) => `${sign === '+' ? ' ' : sign}${hours}:${minutes}`,
  (sign, hours, minutes) => `${sign}${hours}:${minutes}Z`,
  (sign, hours, minutes) => `${sign === '+' ? ' ' : sign}${hours}:${minutes}Z`,
];

function twoDigits(value: number): string {
  return `${value}`.padStart(2, '0');
}

/** The local date and time that stands before the offset, as Temporal writes it. */
function localText(moment: Temporal.Instant, offsetMinutes: number): string | undefined {
  const sign = offsetMinutes < 0 ? '-' : '+';
  const size = Math.abs(offsetMinutes);
  const zone = `${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
  const local = moment.toZonedDateTimeISO(zone).toPlainDateTime();
  return local.year >= 1 && local.year <= 9999 ? local.toString() : undefined;
}

describe('parseWireTime', () => {
  it('reads every form of every offset as the same instant', () => {
    const offset = fc.integer({ min: -1439, max: 1439 });
    const form = fc.constantFrom(...offsetForms);
    fc.assert(
      fc.property(instant, offset, form, (moment, minutes, write) => {
        const local = localText(moment, minutes);
        fc.pre(local !== undefined);
        const size = Math.abs(minutes);
        const sign = minutes < 0 ? '-' : '+';
        const zone = write(sign, twoDigits(Math.floor(size / 60)), twoDigits(size % 60));
        assert.ok(parseWireTime(local + zone)?.equals(moment), local + zone);
      }),
      runs,
    );
  });

  it('takes a time without a zone, and one with Z, as UTC', () => {
    fc.assert(
      fc.property(instant, (moment) => {
        const local = localText(moment, 0) ?? '';
        assert.ok(parseWireTime(local)?.equals(moment));
        assert.ok(parseWireTime(`${local}Z`)?.equals(moment));
      }),
      runs,
    );
  });

  it('reads exactly the dates of the calendar', () => {
    const part = (largest: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: largest });
    const year = fc.oneof(part(9999), fc.constantFrom(1600, 1900, 2000, 2016, 2018, 2100));
    fc.assert(
      fc.property(year, part(13), part(32), (y, m, d) => {
        const text = `${`${y}`.padStart(4, '0')}-${twoDigits(m)}-${twoDigits(d)}`;
        let expected: Temporal.Instant | undefined;
        try {
          expected = y === 0 ? undefined : Temporal.Instant.from(`${text}T00:00Z`);
        } catch {
          expected = undefined;
        }
        assert.equal(parseWireTime(text)?.toString(), expected?.toString(), text);
      }),
      { numRuns: 10_000 },
    );
  });

  for (const [text, expected] of [
    ['2019-12-10T19:00:00.0000000+00:00', '2019-12-10T19:00:00Z'],
    ['2019-12-10T19:00:00.0000000 00:00', '2019-12-10T19:00:00Z'],
    ['2017-09-06T00:00:00Z', '2017-09-06T00:00:00Z'],
    ['2015-06-16T18:53:11+00:00Z', '2015-06-16T18:53:11Z'],
    ['2015-06-16T18:53:11 00:00Z', '2015-06-16T18:53:11Z'],
    ['2015-06-16T18:53:11+02:00Z', '2015-06-16T16:53:11Z'],
    ['2018-03-01T00:00:00', '2018-03-01T00:00:00Z'],
    ['2018-03-01T00:00', '2018-03-01T00:00:00Z'],
    ['2018-03-01T00:00Z', '2018-03-01T00:00:00Z'],
    ['2017-11-29', '2017-11-29T00:00:00Z'],
    ['2018-03-01T00:00:00.00Z', '2018-03-01T00:00:00Z'],
    ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z'],
    ['2018-06-01T10:00:00.123456789Z', '2018-06-01T10:00:00.123456789Z'],
    ['2018-06-01T10:00:00.1', '2018-06-01T10:00:00.1Z'],
    ['2018-06-01T10:00:00+05:30', '2018-06-01T04:30:00Z'],
    ['2018-06-01T10:00:00-0800', '2018-06-01T18:00:00Z'],
    ['2018-06-01T10:00:00+02', '2018-06-01T08:00:00Z'],
    ['2018-06-01T10:00:00-00:00', '2018-06-01T10:00:00Z'],
    ['2020-02-29T23:59:59Z', '2020-02-29T23:59:59Z'],
    ['1969-12-31T23:59:59.999999999Z', '1969-12-31T23:59:59.999999999Z'],
    ['0001-01-01', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999999Z'],
  ] as const) {
    it(`reads ${text} as ${expected}`, () => {
      assert.equal(parseWireTime(text)?.toString(), expected);
    });
  }

  const refused = {
    'what is no date': ['', ' ', 'now', '1527847200', 'yyyy-mm-dd', '２０１８-06-01'],
    'dates in other orders': ['5/1/2015 12:00:00 AM', '5/1/2015 12:00:00 AM,', '01.06.2018'],
    'short and long dates': ['2018', '2018-06', '2018-6-1', '2017-12-1', '18-06-01', '2018-06-011'],
    'other forms of ISO 8601': ['20180601', '20180601T100000Z', '2018-W22-5', '2018-152'],
    'years outside 0001 to 9999': ['0000-01-01', '10000-01-01', '+002018-06-01', '-2018-06-01'],
    'days that no calendar has': ['2018-02-29', '1900-02-29', '2018-04-31', '2018-13-01'],
    'month zero and day zero': ['2018-00-01', '2018-01-00'],
    'a date with a zone': ['2018-06-01Z', '2018-06-01+00:00', '2018-06-01 00:00'],
    'a space for the T': ['2018-06-01 10:00:00', '2018-06-01 10:00:00Z'],
    'lower-case letters': ['2018-06-01t10:00:00Z', '2018-06-01T10:00:00z'],
    'space around': [' 2018-06-01', '2018-06-01 ', '2018-06-01T10:00:00Z ', '2018-06-01\u0000'],
    'short times': ['2018-06-01T', '2018-06-01T10', '2018-06-01T10Z', '2018-06-01T1:00:00Z'],
    'cut times': ['2018-06-01T10:0', '2018-06-01T10:00:', '2018-06-01T10:00:0', '2018-06-01T1000'],
    'times that no clock shows': ['2018-06-01T24:00:00Z', '2018-06-01T10:60:00Z'],
    'a leap second': ['2016-12-31T23:59:60Z'],
    'no decimals, and ten': ['2018-06-01T10:00:00.Z', '2018-06-01T10:00:00.1234567890Z'],
    'decimals elsewhere': ['2018-06-01T10:00:00,5Z', '2018-06-01T10:00.5Z'],
    'two zones': ['2018-06-01T10:00:00ZZ', '2018-06-01T10:00:00Z+00:00'],
    'an offset and more': ['2018-06-01T10:00:00+00:00ZZ', '2018-06-01T10:00:00+00:00:00'],
    'offsets of a day or more': ['2018-06-01T10:00:00+24:00', '2018-06-01T10:00:00+00:60'],
    'cut offsets': ['2018-06-01T10:00:00+', '2018-06-01T10:00:00+0', '2018-06-01T10:00:00+0:00'],
    'odd offsets': ['2018-06-01T10:00:00+000', '2018-06-01T10:00:00+00-00'],
    'spaces for more than a plus': ['2018-06-01T10:00:00 ', '2018-06-01T10:00:00  00:00'],
    'a space before Z': ['2018-06-01T10:00:00 Z'],
    'other signs and names': ['2018-06-01T10:00:00\u221200:00', '2018-06-01T10:00:00Z[UTC]'],
    'times outside 0001 to 9999': ['0001-01-01T00:00+00:01', '9999-12-31T23:59:59-00:01'],
  };
  for (const [kind, texts] of Object.entries(refused)) {
    it(`refuses ${kind}`, () => {
      for (const text of texts) {
        assert.equal(parseWireTime(text), undefined, text);
        assert.equal(parseEpochMicroseconds(text), undefined, text);
      }
    });
  }

  it('agrees with Temporal, where it reads a text at all, on texts near the accepted forms', () => {
    const form = fc.constantFrom(
      '2018-06-01T10:00:00Z',
      '2018-06-01T10:00:00.123+02:00',
      '2018-06-01',
      '2018-06-01T10:00',
    );
    fc.assert(
      fc.property(
        form,
        fc.nat(30),
        fc.constantFrom(...'0123459TZ:-+. '.split('')),
        (text, at, mark) => {
          const changed = text.slice(0, at) + mark + text.slice(at + 1);
          const moment = parseWireTime(changed);
          if (moment === undefined) return;
          const withPlus = changed.replace(' ', '+').replace(/(.[+-].*)Z$/, '$1');
          const time = withPlus.includes('T') ? withPlus : `${withPlus}T00:00`;
          const zoned = /(Z|[+-]\d\d(:?\d\d)?)$/.test(time.slice(16)) ? time : `${time}Z`;
          assert.equal(moment.toString(), Temporal.Instant.from(zoned).toString(), changed);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('epoch microseconds', () => {
  it('are the same moment, finer digits cut off', () => {
    fc.assert(
      fc.property(fc.bigInt(-(8n * 10n ** 18n), 8n * 10n ** 18n), (nanoseconds) => {
        const moment = Temporal.Instant.fromEpochNanoseconds(nanoseconds);
        const microseconds = parseEpochMicroseconds(moment.toString());
        const expected = moment.round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
        assert.ok(microseconds !== undefined);
        assert.ok(fromEpochMicroseconds(microseconds).equals(expected));
      }),
      runs,
    );
  });

  it('have no number where it would not be a safe integer', () => {
    assert.equal(parseEpochMicroseconds('9999-12-31'), undefined);
    assert.equal(parseEpochMicroseconds('2255-01-01'), 8_993_721_600_000_000);
    assert.throws(() => fromEpochMicroseconds(0.5), RangeError);
    assert.throws(() => fromEpochMicroseconds(2 ** 53), RangeError);
  });
});

describe('formatWireTime', () => {
  it('writes UTC with its offset', () => {
    const moment = Temporal.Instant.from('2018-06-01T12:00:00+02:00');
    assert.equal(formatWireTime(moment), '2018-06-01T10:00:00+00:00');
  });

  it('writes what parseWireTime reads back, without a fraction on whole seconds', () => {
    fc.assert(
      fc.property(instant, (moment) => {
        const text = formatWireTime(moment);
        assert.ok(parseWireTime(text)?.equals(moment), text);
        const whole = moment.epochNanoseconds % 1_000_000_000n === 0n;
        assert.match(text, whole ? /T\d\d:\d\d:\d\d\+00:00$/ : /\.\d{1,9}\+00:00$/);
      }),
      runs,
    );
  });
});
