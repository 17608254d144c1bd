import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lookAtCurrency, lookAtNationalCurrency } from './currency.ts';
import { lookAtTime } from './date-time.ts';
import { lookAtJson, valuesAt } from './json-text.ts';
import { lookAtNumber } from './numeric.ts';
import { lookAtUnit } from './unit.ts';
import type { Verdict } from './verdict.ts';

const isGood = ({ isOfType, broken }: Verdict): boolean => isOfType && broken.length === 0;
const said = ({ isOfType, broken, advised }: Verdict): string =>
  `${isOfType ? '' : 'not '}${[...broken, ...advised].join(' ')}`;

describe('a number', () => {
  it('is plain, or in E notation with a capital', () => {
    for (const text of ['4', '-3', '1.234', '-100.2', '0', '-0.5', '35.2E-7', '35.2E7']) {
      assert.ok(isGood(lookAtNumber(text)), text);
    }
  });

  it('is told what is wrong with it', () => {
    const wrong = {
      '+333': 'plus',
      '35.2E+7': 'exponentPlus',
      '1e5': 'exponent',
      '.5': 'notation',
      '007': 'notation',
      '5.': 'notation',
      '1 1/2': 'not fraction',
      '35.24 x 10^7': 'not operator',
      '[3,5,8]': 'not single',
      '32 GiB': 'not unit',
      $32: 'not unit',
      '3,432,342': 'not comma',
      '1,5': 'not comma',
      '(12)': 'not minus',
      NaN: 'not notation',
      Infinity: 'not notation',
      '-': 'not notation',
      ' 1': 'not notation',
    };
    for (const [text, expected] of Object.entries(wrong)) {
      assert.equal(said(lookAtNumber(text)), expected, text);
    }
  });

  it('is good in any plain notation', () => {
    const plain = fc.tuple(fc.bigInt(), fc.option(fc.stringMatching(/^[0-9]{1,30}$/)));
    fc.assert(
      fc.property(plain, ([whole, fraction]) => {
        assert.ok(isGood(lookAtNumber(fraction === null ? `${whole}` : `${whole}.${fraction}`)));
      }),
    );
  });
});

describe('a time', () => {
  it('is in UTC, with whole seconds, on a day that exists', () => {
    assert.ok(isGood(lookAtTime('2026-10-01T23:59:59Z')));
    assert.ok(isGood(lookAtTime('2028-02-29T00:00:00Z')));
    const wrong = {
      '2026-02-29T00:00:00Z': 'not iso',
      '2026-04-31T00:00:00Z': 'not iso',
      '2026-10-01T24:00:00Z': 'form',
      '2026-10-01T00:00:00+02:00': 'utc',
      '2026-10-01T00:00:00': 'zone',
      '2026-10-01 00:00:00Z': 'separator',
      '2026-10-01T0:00:00Z': 'twoDigits',
      '2026-10-01T00:00:00.000Z': 'form',
      '2026-10-01': 'form',
      '1 October 2026': 'not iso',
    };
    for (const [text, expected] of Object.entries(wrong)) {
      assert.equal(said(lookAtTime(text)), expected, text);
    }
  });
});

describe('a currency', () => {
  it('is a code of ISO 4217, for billing that of money', () => {
    assert.ok(isGood(lookAtCurrency('EUR')));
    assert.ok(isGood(lookAtCurrency('XAU')));
    assert.equal(said(lookAtNationalCurrency('XAU')), 'national');
    assert.ok(isGood(lookAtNationalCurrency('XOF')));
    assert.equal(said(lookAtCurrency('eur')), 'letters');
    assert.equal(said(lookAtCurrency('EUX')), 'code');
  });
});

describe('a unit', () => {
  it('may be joined, a ratio, and have a quantity in front', () => {
    const units = [
      'GB',
      'GB-Hours',
      'GB/Hour',
      'KiB',
      'Core-Hours/Day',
      '10000 Requests',
      'Units/3 Months',
      'Hours',
      'Instance-Hours',
      'Site-Months',
      'Normalised Units',
      'Microseconds',
    ];
    for (const unit of units) assert.equal(said(lookAtUnit(unit)), '', unit);
  });

  it('is told what is wrong with it', () => {
    const wrong = {
      GBs: 'dataSizePlural',
      YB: 'dataSize',
      gb: 'dataSize',
      'GB*hours': 'base',
      'gigabyte-seconds': 'base noun',
      hours: 'base',
      terabyte: 'noun',
      '1,000 Requests': 'base',
      'GB/Hour/Day': 'base',
      '': 'base',
      'GB/Hours': 'ratioForm',
      'Cores-Hour': 'compoundForm',
      Hour: 'simpleForm',
    };
    for (const [text, expected] of Object.entries(wrong)) {
      assert.equal(said(lookAtUnit(text)).split(' ').toSorted().join(' '), expected, text);
    }
  });
});

describe('a JSON object', () => {
  const keyValue = (text: string): string => said(lookAtJson(text).keyValue);
  const object = (text: string): string => said(lookAtJson(text).jsonObject);

  it('is flat where keys and values are wanted', () => {
    assert.equal(keyValue('{"a":1,"b":"x","c":true,"d":null}'), '');
    assert.equal(keyValue('{"a":{"b":1}}'), 'nested');
    assert.equal(keyValue('{"a":[]}'), 'nested');
    assert.equal(keyValue('[]'), 'not object');
    assert.equal(keyValue('"a"'), 'not object');
    assert.equal(keyValue('{'), 'not object');
  });

  it('has each key once, also where a parser would not tell', () => {
    assert.equal(keyValue('{"a":1,"a":2}'), 'unique');
    assert.equal(keyValue('{"a":1,"\\u0061":2}'), 'unique');
    assert.equal(keyValue('{"a":"a","b":"a\\":{"}'), '');
    assert.equal(object('{"x":[{"a":1},{"a":2}]}'), '');
    assert.equal(object('{"x":[{"a":1,"b":{"a":2},"a":3}]}'), 'unique');
  });

  it('has lists of one type, without null and repeats', () => {
    assert.equal(object('{"x":[1,"a"]}'), 'arrayTypes');
    assert.equal(object('{"x":[1,null]}'), 'arrayNull');
    assert.equal(object('{"x":["a","a"]}'), 'arrayRepeat');
    assert.equal(object('{"a":{"b":{"c":1}}}'), '');
    assert.equal(object('{"a":{"b":{"c":{"d":1}}}}'), 'depth');
  });

  it('may be as deep and as wide as it likes without harm', () => {
    const deep = `${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}`;
    assert.equal(object(deep), 'not object');
    const wide = `{${Array.from({ length: 200_000 }, (_, at) => `"k${at}":${at}`).join(',')}}`;
    assert.equal(object(wide), '');
    assert.equal(keyValue(`{"a":"${'{'.repeat(500)}"}`), '');
  });

  it('is read along a path', () => {
    const { object: value } = lookAtJson('{"Elements":[{"Id":"a"},{"Id":"b"},{}]}');
    assert.deepEqual(valuesAt(value, 'Elements[*].Id'), ['a', 'b']);
    assert.deepEqual(valuesAt(value, 'Nothing[*].Id'), []);
  });

  it('has a repeated key exactly when its text has', () => {
    const name = fc.stringMatching(/^[a-c":{}\\]{0,3}$/);
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        const text = `{${names.map((key) => `${JSON.stringify(key)}: ${JSON.stringify(key)}`).join(', ')}}`;
        const isRepeated = new Set(names).size < names.length;
        assert.equal(keyValue(text), isRepeated ? 'unique' : '');
      }),
    );
  });
});
