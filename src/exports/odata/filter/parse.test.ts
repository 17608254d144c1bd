import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StackmeterError } from '../../../kernel/index.ts';
import { parseFilter } from './parse.ts';
import { SHAPE } from './test-shape.ts';

describe('reading a filter', () => {
  const refused: readonly (readonly [filter: string, says: RegExp])[] = [
    ['Name', /comparison/],
    ["Nome eq 'a'", /no property 'Nome'/],
    ["Amount eq 'a'", /Edm\.Decimal is not compared with Edm\.String/],
    ['Name gt null', /null is compared by eq and ne/],
    ['Paid gt true', /not compared by gt/],
    ["Name eq 'a", /not understood at ''a'/],
    ["Name eq 'a' Name", /should have ended/],
    ['(Amount eq 1', /'\)' is missing/],
    ['Amount eq', /ends too early/],
    ['year(Name) eq 1', /year is not of Edm\.String/],
    ['Day eq 2026-02-30', /is no value/],
    ['Amount in (Amount)', /holds values/],
    ['contains(Name,1)', /about two texts/],
    [`${'('.repeat(40)}Paid${')'.repeat(40)}`, /nested at most 30/],
    [Array.from({ length: 201 }, () => 'Paid').join(' or '), /at most 200/],
    ['x'.repeat(4001), /at most 4000/],
    ["Name eq 'a'; drop table x", /not understood at '; drop/],
    ["Name eq 'a\0'", /not understood/],
    ['At ge 0000-12-31T00:00:00Z', /is no value/],
    ['At ge 9999-12-31T23:59:59-01:00', /is no value/],
    ['Day eq 0000-01-01', /is no value/],
    [
      "At ge '0000-01-01'",
      /Edm\.String is not compared with|Edm\.DateTimeOffset is not compared with/,
    ],
    ["Guid eq 'no guid'", /not compared with/],
    ['Day eq 2026-01-01T01:00:00Z', /not compared with/],
    ['substring(Name) eq Name', /substring is not of Edm\.String/],
    ['indexof(Name,1) eq 1', /indexof is not of Edm\.String, Edm\.Decimal/],
    ['tolower(Name,Name) eq Name', /tolower is not of/],
  ];
  for (const [filter, says] of refused) {
    it(`refuses ${filter.slice(0, 40)}`, () => {
      assert.throws(
        () => parseFilter(filter, SHAPE),
        (error) =>
          error instanceof StackmeterError &&
          error.code === 'InvalidProperty' &&
          says.test(error.message),
      );
    });
  }

  it('takes values as clients write them that know no types', () => {
    const day = '2026-01-02';
    const id = 'AAAAAAAA-0000-4000-8000-000000000000';
    const alike: readonly (readonly [loose: string, strict: string])[] = [
      [`Guid eq '${id}'`, `Guid eq ${id}`],
      [`Guid in ('${id}')`, `Guid in (${id})`],
      [`Day ge '${day}'`, `Day ge ${day}`],
      [`Day ge ${day}T00:00:00.000Z`, `Day ge ${day}`],
      [`At lt ${day}`, `At lt ${day}T00:00:00Z`],
      [`At lt '${day}T01:00:00+01:00'`, `At lt ${day}T00:00:00Z`],
      [`At lt ${day}T01:00:00 01:00 and Paid`, `At lt ${day}T00:00:00Z and Paid`],
      [`${day} lt At`, `${day}T00:00:00Z lt At`],
      [`At eq ${day}T00:00:00.000000000000Z`, `At eq ${day}T00:00:00Z`],
    ];
    for (const [loose, strict] of alike) {
      assert.deepEqual(parseFilter(loose, SHAPE), parseFilter(strict, SHAPE), loose);
    }
  });

  it('takes a test that is compared with true or false, as some tools write it', () => {
    const plain = parseFilter("contains(Name,'a')", SHAPE);
    assert.deepEqual(parseFilter("contains(Name,'a') eq true", SHAPE), plain);
    assert.deepEqual(parseFilter("contains(Name,'a') eq false", SHAPE), { kind: 'not', of: plain });
  });
});
