import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from './log.ts';

function capture(): { readonly lines: string[]; write(line: string): void } {
  const lines: string[] = [];
  return { lines, write: (line) => void lines.push(line) };
}

describe('log', () => {
  it('writes one JSON object a line, with the level by name and the time in UTC', () => {
    const sink = capture();
    createLog({}, sink).info({ room: 'intake' }, 'started');
    assert.equal(sink.lines.length, 1);
    const line: unknown = JSON.parse(sink.lines[0] ?? '');
    assert.partialDeepStrictEqual(line, { level: 'info', room: 'intake', msg: 'started' });
    assert.match(sink.lines[0] ?? '', /"time":"\d{4}-\d\d-\d\dT[\d:.]+Z"/);
  });

  it('leaves out what is below the level', () => {
    const sink = capture();
    createLog({ level: 'warn' }, sink).info('quiet');
    assert.deepEqual(sink.lines, []);
  });

  it('redacts bindings, fields, errors and messages', () => {
    const sink = capture();
    const log = createLog({}, sink).child({ authorization: 'Bearer binding-value' });
    log.error(
      { err: new Error('login with password=hunter2 failed'), token: 'field-value' },
      'sent Basic bWVzc2FnZS12YWx1ZQ==',
    );
    const text = sink.lines.join('');
    assert.doesNotMatch(text, /binding-value|field-value|hunter2|bWVzc2FnZS/);
    assert.doesNotThrow(() => JSON.parse(text));
  });
});
