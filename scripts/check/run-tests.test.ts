import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { runTests } from './run-tests.ts';
import type { TestReport } from './test-report.ts';

const head = "import test, { after, describe, it } from 'node:test';\n";

describe('a run of tests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-run-'));
  after(() => rmSync(folder, { recursive: true }));

  let runs = 0;
  /** Runs test files with these contents, in a folder of their own. */
  async function run(files: Record<string, string>, patience = 60_000): Promise<TestReport> {
    const root = join(folder, String(runs++));
    for (const [path, source] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), head + source);
    }
    return runTests({ root, files: Object.keys(files), env: {}, patience });
  }

  const numbers = ({ passed, failed, skipped }: TestReport): number[] => [
    passed,
    failed,
    skipped.length,
  ];

  it('counts tests, not groups', async () => {
    const report = await run({
      'a/a.test.ts': "describe('g', () => { it('one', () => {}); it('two', () => {}); });",
      'b.test.ts': "test('three', () => {});",
    });
    assert.deepEqual([...numbers(report), report.text], [3, 0, 0, '']);
    assert.equal(report.slowest.length, 3);
  });

  it('tells a failure with its names, its line, its cause and what the file wrote', async () => {
    const source =
      "describe('g', () => { it('bad', () => { console.log('note'); throw Error('no'); }); });";
    const report = await run({ 'a/a.test.ts': source });
    assert.deepEqual(numbers(report), [0, 1, 0]);
    assert.match(report.text, /FAILED a\/a\.test\.ts:2 {2}g > bad\n {2}Error: no\n/);
    assert.match(report.text, /WRITTEN BY a\/a\.test\.ts\n {2}note/);
    assert.doesNotMatch(report.text, /node:internal/);
  });

  it('shows the diagnostics of tests that pass, and nothing else that they write', async () => {
    const source = "test('a', (t) => { console.log('noise'); t.diagnostic('SEED=7'); });";
    const { text } = await run({ 'a.test.ts': source });
    assert.equal(text, 'TOLD BY a.test.ts\n  SEED=7');
  });

  it('counts a failed child once, not its parent as well', async () => {
    const source = "test('p', async (t) => { await t.test('c', () => { throw Error('no'); }); });";
    assert.deepEqual(numbers(await run({ 'a.test.ts': source })), [0, 1, 0]);
  });

  it('counts a file that cannot be loaded, or ends on its own', async () => {
    const report = await run({
      'load.test.ts': "throw new Error('at load');",
      'exit.test.ts': "test('a', () => { process.exit(0); });",
      'later.test.ts': "test('a', () => { setTimeout(() => { throw Error('later'); }, 5); });",
    });
    assert.equal(report.failed, 3, report.text);
    assert.match(report.text, /FAILED load\.test\.ts\n/);
    assert.match(report.text, /at load/);
  });

  it('counts a hook that fails after its tests have passed', async () => {
    const source =
      "describe('g', () => { after(() => { throw Error('no'); }); it('a', () => {}); });";
    assert.deepEqual(numbers(await run({ 'a.test.ts': source })), [1, 1, 0]);
  });

  it('names what is skipped or still to be written', async () => {
    const source =
      "test.skip('a', () => {}); test('b', { skip: 'no disk' }, () => {}); test.todo('c');";
    const { skipped, passed } = await run({ 'a.test.ts': source });
    assert.deepEqual(skipped, ['a.test.ts:2  a', 'a.test.ts:2  b (no disk)', 'a.test.ts:2  c']);
    assert.equal(passed, 0);
  });

  it('fails a file without a test, except one of types', async () => {
    const report = await run({ 'a.test.ts': '', 'b.types.test.ts': '' });
    assert.deepEqual(numbers(report), [0, 1, 0]);
    assert.match(report.text, /a\.test\.ts\n {2}has no test/);
  });

  it('fails when there is no file', async () => {
    assert.equal((await run({})).failed, 1);
  });

  it('gives up on a file that never ends, says where, and goes on', async () => {
    const report = await run(
      {
        'a.test.ts': "test('leaks', () => { setInterval(() => {}, 1000); });",
        'b.test.ts': "test('waits', () => new Promise(() => { setInterval(() => {}, 1000); }));",
        'c.test.ts': "test('good', () => {});",
      },
      2000,
    );
    assert.deepEqual(numbers(report), [2, 2, 0]);
    assert.match(report.text, /FAILED a\.test\.ts\n {2}nothing happened for 2 s/);
    assert.match(
      report.text,
      /FAILED b\.test\.ts\n {2}nothing happened for 2 s.*\n {2}last begun: waits/,
    );
  });

  it('hides the configuration of this machine and runs far from UTC', async () => {
    process.env['STACKMETER_PORT'] = '1';
    const source = `test('a', () => {
      if (process.env.STACKMETER_PORT !== undefined) throw Error('configured');
      if (new Date(0).getTimezoneOffset() !== 210) throw Error('in UTC');
    });`;
    const report = await run({ 'a.test.ts': source });
    delete process.env['STACKMETER_PORT'];
    assert.deepEqual(numbers(report), [1, 0, 0], report.text);
  });
});
