import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseFilter } from './filter.ts';

describe('$filter', () => {
  it('reads equalities with and between them, names in any case', () => {
    assert.deepEqual(parseFilter("OWNER eq 'o''neil@a.example' and state eq Enabled"), [
      { field: 'owner', value: "o'neil@a.example" },
      { field: 'state', value: 'Enabled' },
    ]);
    assert.deepEqual(parseFilter("displayName eq ''"), [{ field: 'displayName', value: '' }]);
  });

  it('reads the id of an offer in each of its forms', () => {
    const provider = '11111111-1111-4111-8111-111111111111';
    const ofProvider = [
      { field: 'offerName', value: 'gold' },
      { field: 'offerProvider', value: provider },
    ];
    const admin = 'providers/Microsoft.Subscriptions.Admin/offers/gold';
    const forms = [
      `/delegatedProviders/${provider}/offers/gold`,
      `/subscriptions/${provider.toUpperCase()}/resourceGroups/g/${admin}`,
    ];
    for (const form of forms) assert.deepEqual(parseFilter(`offerId eq '${form}'`), ofProvider);
    assert.deepEqual(parseFilter("offerId eq '/delegatedProviders/default/offers/gold'"), [
      { field: 'offerName', value: 'gold' },
      { field: 'offerOfDefault', value: 'true' },
    ]);
    assert.deepEqual(parseFilter("offerId eq 'gold'"), [{ field: 'offerName', value: 'gold' }]);
  });

  it('refuses everything else', () => {
    const refused = [
      '',
      'owner',
      "owner ne 'a'",
      "owner eq 'a' or state eq 'Enabled'",
      "owner eq 'a' and",
      "owner eq 'a' state eq 'Enabled'",
      "secret eq 'a'",
      "owner eq 'a",
      "owner eq 'a\u0000'",
      `owner eq '${'a'.repeat(2000)}'`,
    ];
    for (const text of refused) {
      assert.throws(() => parseFilter(text), { code: 'InvalidProperty' }, text);
    }
  });

  it('gives any value back that was quoted', () => {
    const value = fc.string({ maxLength: 50 }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(value, (text) => {
        const [match] = parseFilter(`owner eq '${text.replaceAll("'", "''")}'`);
        assert.deepEqual(match, { field: 'owner', value: text });
      }),
    );
  });
});
