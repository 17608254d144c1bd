import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StackmeterError } from '../../../kernel/index.ts';
import { splitJsonRows } from './json-rows.ts';

async function* cut(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

async function rowsOf(text: string, length = 1 << 20): Promise<string[]> {
  return Array.fromAsync(splitJsonRows(cut(text, length)));
}

const row = { a: 1.5, 'b"\\': '}{][,:"\\', c: { value: [1, { rows: [] }] }, d: [null, true] };

describe('rows of JSON text', () => {
  it('are found in every shape', async () => {
    const one = JSON.stringify(row);
    const shapes: Record<string, [text: string, count: number]> = {
      'a list': [`[${one},${one}]`, 2],
      'a list over lines': [` [\n ${one} ,\n ${one}\n ]\n`, 2],
      'an object with rows': [`{"$comment":"[{\\"rows\\":[", "rows": [${one}]}`, 1],
      'an object with value': [`{"value":[${one},${one}],"nextLink":"https://x/?{[\\""}`, 2],
      'Value in another case': [`{"VALUE":[${one}]}`, 1],
      'a list of pages': [`[{"value":[${one}]},{"value":[]},{"value":[${one},${one}]}]`, 3],
      'pages one after another': [`{"value":[${one}]}\n{"value":[${one}]}\n`, 2],
      'rows one after another': [`${one}\n${one}\r\n${one}`, 3],
      'an empty list': ['[]', 0],
      'an empty page': ['{"value":[]}', 0],
      'members after the rows': [`{"rows":[${one}],"more":[{"rows":[1]}],"last":{}}`, 1],
      nothing: [' \n', 0],
    };
    for (const [name, [text, count]] of Object.entries(shapes)) {
      for (const length of [1, 2, 3, 7, 64, 4096]) {
        const found = await rowsOf(text, length);
        assert.equal(found.length, count, `${name} in pieces of ${length}`);
        for (const each of found) assert.deepEqual(JSON.parse(each), row, name);
      }
    }
  });

  it('are the same for any rows, however the text is cut', async () => {
    const rows = fc.array(
      fc.dictionary(
        fc.string().map((key) => `_${key}`),
        fc.jsonValue(),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (all, length, page) => {
          const text = JSON.stringify(page ? { note: all.length, value: all } : all);
          const found = await rowsOf(text, length);
          assert.deepEqual(
            found,
            all.map((each) => JSON.stringify(each)),
          );
        },
      ),
    );
  });

  it('are refused when the text has another shape', async () => {
    for (const text of [
      '[1]',
      '[[{}]]',
      '"rows"',
      '{"rows":[1]}',
      'UsageStartTime',
      '{},{}',
      ']',
    ]) {
      await assert.rejects(rowsOf(text), isImportFormat, text);
    }
  });

  it('are refused when the text ends too early', async () => {
    for (const text of ['[', '[{}', '{"a":"', '{"value":[{}]', '{"value":[{"a":1']) {
      await assert.rejects(rowsOf(text), /ends in the middle/, text);
    }
  });

  it('are refused when one is endless', async () => {
    async function* endless(): AsyncGenerator<string> {
      yield '[{"a":"';
      for (;;) yield 'x'.repeat(1 << 20);
    }
    await assert.rejects(Array.fromAsync(splitJsonRows(endless())), /longer than 4 MB/);
  });
});

function isImportFormat(error: unknown): boolean {
  return error instanceof StackmeterError && error.code === 'ImportFormat';
}
