import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { makeContinuationToken, readContinuationToken } from './continuation-token.ts';

const KEY = Buffer.alloc(32, 1);
const asIs = (fields: readonly unknown[]): readonly unknown[] => fields;

test('a token leads back to the fields it was made of, whatever they and the query are', () => {
  const field = fc.oneof(fc.integer(), fc.string({ maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(field, { maxLength: 6 }), fc.string(), (fields, query) => {
      const token = makeContinuationToken(KEY, query, fields);
      assert.deepEqual(readContinuationToken(KEY, query, token, asIs), fields);
    }),
  );
});

test('of another query, of another key, altered or not understood, it is refused by name', () => {
  const token = makeContinuationToken(KEY, 'q', [1, 'a']);
  const refused = { code: 'InvalidProperty', message: /seekToken/ };
  const reads = [
    () => readContinuationToken(KEY, 'r', token, asIs, 'seekToken'),
    () => readContinuationToken(Buffer.alloc(32, 2), 'q', token, asIs, 'seekToken'),
    () => readContinuationToken(KEY, 'q', `${token}.x`, asIs, 'seekToken'),
    () => readContinuationToken(KEY, 'q', token.slice(2), asIs, 'seekToken'),
    () => readContinuationToken(KEY, 'q', 'a'.repeat(5000), asIs, 'seekToken'),
    () => readContinuationToken(KEY, 'q', token, () => undefined, 'seekToken'),
  ];
  for (const read of reads) assert.throws(read, refused);
});
