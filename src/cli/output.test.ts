import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { fixedClock } from '../platform/clock.ts';
import { toJson, toTable } from './output.ts';
import { createProgress } from './progress.ts';

describe('output', () => {
  it('sets numbers to the right and text to the left', () => {
    assert.equal(
      toTable(
        ['NAME', 'ROWS'],
        [
          ['a', '5'],
          ['longer', '120'],
          ['open', ''],
        ],
      ),
      'NAME    ROWS\na          5\nlonger   120\nopen\n',
    );
  });

  it('writes counts as numbers, and as text where a number would round them', () => {
    assert.equal(toJson({ rows: 5n }), '{\n  "rows": 5\n}\n');
    assert.equal(toJson(2n ** 60n), '"1152921504606846976"\n');
    assert.equal(toJson(-(2n ** 60n)), '"-1152921504606846976"\n');
  });
});

describe('progress', () => {
  const collect = (
    isScreen: boolean,
  ): { told: string[]; output: Parameters<typeof createProgress>[0] } => {
    const told: string[] = [];
    const err = new Writable({
      write(chunk: Buffer, _encoding, done) {
        told.push(chunk.toString());
        done();
      },
    });
    return { told, output: { out: err, err, isScreen } };
  };

  it('is a line now and then where nobody looks', () => {
    const clock = fixedClock(Temporal.Instant.from('2026-01-01T00:00Z'));
    const { told, output } = collect(false);
    const progress = createProgress(output, clock);
    for (let second = 0; second < 25; second++) {
      progress.update(second / 25, 'working');
      clock.advance(1000);
    }
    progress.end();
    assert.deepEqual(told, ['stackmeter: 40% working\n', 'stackmeter: 80% working\n']);
  });

  it('is a bar on a screen, and leaves the line clean', () => {
    const clock = fixedClock(Temporal.Instant.from('2026-01-01T00:00Z'));
    const { told, output } = collect(true);
    const progress = createProgress(output, clock);
    progress.update(0.5, 'working');
    progress.update(0.6, 'too soon');
    progress.end();
    assert.deepEqual(told, [
      `\r[${'#'.repeat(12)}${' '.repeat(12)}] 50% working\u001b[K`,
      '\r\u001b[K',
    ]);
  });
});
