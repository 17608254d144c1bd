import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRateCardFilter } from './filter.ts';

const TERMS = [
  "OfferDurableId eq 'MS-AZR-0003P'",
  "Currency eq 'USD'",
  "Locale eq 'en-US'",
  "RegionInfo eq 'US'",
];

describe('the filter of a rate card', () => {
  it('has its four terms in any order and case', () => {
    const expected = {
      offerDurableId: 'MS-AZR-0003P',
      currency: 'USD',
      locale: 'en-US',
      regionInfo: 'US',
    };
    assert.deepEqual(parseRateCardFilter(TERMS.join(' and ')), expected);
    assert.deepEqual(parseRateCardFilter(` ${TERMS.toReversed().join('  AND ')} `), expected);
    const spelled = TERMS.join(' and ').replace('OfferDurableId eq', 'offerdurableid EQ');
    assert.deepEqual(parseRateCardFilter(spelled), expected);
    const two = TERMS.join(' and ').replace('0003P', '0003P-0044P');
    assert.equal(parseRateCardFilter(two)?.offerDurableId, 'MS-AZR-0003P-0044P');
  });

  it('is refused whatever else it has, and when it lacks something', () => {
    const whole = TERMS.join(' and ');
    const refused = [
      '',
      ...TERMS.map((_, at) => TERMS.toSpliced(at, 1).join(' and ')),
      `${whole} and Tax eq 'no'`,
      `${whole} and Currency eq 'USD'`,
      `${whole} and`,
      `${whole} or Currency eq 'USD'`,
      TERMS.join(' or '),
      TERMS.join(' and').replaceAll(' and', ''),
      whole.replace("'USD'", 'USD'),
      whole.replace("'USD'", "'US$'"),
      whole.replace("Currency eq 'USD'", "Currency ne 'USD'"),
      whole.replace("'en-US'", "'english'"),
      whole.replace("'US'", "'USA'"),
      whole.replace('0003P', '003P'),
      whole.replace("'USD'", "'U''D'"),
    ];
    for (const text of refused) assert.equal(parseRateCardFilter(text), undefined, text);
  });
});
