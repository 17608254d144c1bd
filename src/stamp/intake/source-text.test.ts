import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { elementSpans, valueAt } from './source-text.ts';

test('finds the text of an element and of a value inside it', () => {
  const json = Buffer.from(
    ' [ {"a":1} , {"data" : {"tags":{"2":"b","1":[1, 2]} , "x":"}]"}}, 3 ] ',
  );
  const texts = elementSpans(json).map(({ start, end }) => json.toString('utf8', start, end));
  assert.deepEqual(texts, ['{"a":1}', '{"data" : {"tags":{"2":"b","1":[1, 2]} , "x":"}]"}}', '3']);
  const tags = valueAt(Buffer.from(texts[1]!), ['data', 'tags']);
  assert.equal(tags?.toString(), '{"2":"b","1":[1, 2]}');
  assert.equal(valueAt(Buffer.from(texts[1]!), ['data', 'none']), undefined);
});

test('of a repeated key the last counts, as with JSON.parse', () => {
  assert.equal(valueAt(Buffer.from('{"a":1,"\\u0061":2}'), ['a'])?.toString(), '2');
});

test('any array gives back its elements, however it is laid out', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1, 4), (values, indent) => {
      const json = Buffer.from(JSON.stringify(values, undefined, indent));
      const found = elementSpans(json).map(({ start, end }): unknown =>
        JSON.parse(json.toString('utf8', start, end)),
      );
      assert.deepEqual(found, JSON.parse(JSON.stringify(values)));
    }),
    { numRuns: 1000 },
  );
});
