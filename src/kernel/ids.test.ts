import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  isGuid,
  meterKey,
  parsePrincipalId,
  parseDirectoryTenantId,
  parseMeterId,
  parseRecordId,
  parseSubscriptionId,
} from './ids.ts';

const readers = { parseSubscriptionId, parseDirectoryTenantId, parsePrincipalId };
const guid = '37a4b7a2-09e9-457d-a221-323ebadefeb0';

describe('ids in GUID form', () => {
  for (const [name, parse] of Object.entries(readers)) {
    it(`${name} takes any case and gives lower case`, () => {
      fc.assert(
        fc.property(fc.uuid(), fc.array(fc.boolean(), { minLength: 36 }), (text, upper) => {
          const mixed = text
            .split('')
            .map((letter, at) => (upper[at] ? letter.toUpperCase() : letter));
          assert.equal(parse(mixed.join('')), text.toLowerCase());
        }),
        { numRuns: 1000 },
      );
    });
  }

  it('is exactly the grammar 8-4-4-4-12', () => {
    const grammar = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
    fc.assert(
      fc.property(fc.nat(35), fc.integer({ min: 0, max: 0x2ff }), (at, code) => {
        const text = guid.slice(0, at) + String.fromCharCode(code) + guid.slice(at + 1);
        assert.equal(isGuid(text), grammar.test(text), JSON.stringify(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('refuses other lengths, braces, spaces and other separators', () => {
    const texts = ['', guid.slice(1), `${guid}0`, `{${guid}}`, ` ${guid}`, `${guid}\n`];
    const others = [guid.replaceAll('-', ''), guid.replaceAll('-', '_'), `urn:uuid:${guid}`];
    for (const text of [...texts, ...others]) {
      for (const parse of Object.values(readers)) assert.equal(parse(text), undefined, text);
    }
  });
});

describe('meter ids', () => {
  it('keep their case, and share a key over their cases', () => {
    const upper = parseMeterId('B4438D5D-453B-4EE1-B42A-DC72E377F1E4');
    const lower = parseMeterId('b4438d5d-453b-4ee1-b42a-dc72e377f1e4');
    assert.ok(upper !== undefined && lower !== undefined);
    assert.equal(upper, 'B4438D5D-453B-4EE1-B42A-DC72E377F1E4');
    assert.equal(meterKey(upper), meterKey(lower));
  });

  it('may be without hyphens, or words', () => {
    for (const text of ['F271A8A388C44D93956A063E1D2FA80B', 'Custom Worker Tiers', 'm', 'é']) {
      assert.equal(parseMeterId(text), text);
    }
    assert.equal(parseMeterId('x'.repeat(128))?.length, 128);
  });

  it('are printable and not too long', () => {
    for (const text of ['', ' ', ' m', 'm ', 'm\n', 'a\u0000b', 'a\ud800', 'x'.repeat(129)]) {
      assert.equal(parseMeterId(text), undefined, JSON.stringify(text));
    }
  });
});

describe('record ids', () => {
  it('are any text but the empty one, unchanged', () => {
    assert.equal(parseRecordId(''), undefined);
    assert.equal(parseRecordId('A-1'), 'A-1');
  });
});
