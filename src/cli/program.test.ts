import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectFolder } from '../platform/config/index.ts';
import { commandReference } from './index.ts';
import { runForTest } from './test-run.ts';

describe('the command line', () => {
  it('is what its reference page says', () => {
    const page = readFileSync(join(projectFolder, 'docs/reference/command-line.md'), 'utf8');
    assert.equal(page, commandReference(), 'bin/run scripts/command-line-reference.ts --write');
  });

  it('helps with 0, and takes each option of the configuration', async () => {
    const { exitCode, out } = await runForTest(['--help']);
    assert.equal(exitCode, 0);
    assert.match(out, /--record-retention-days <DAYS>/);
    assert.match(out, /Exit codes/);
  });

  it('helps with a verb', async () => {
    const { exitCode, out } = await runForTest(['usage', 'export', '--help']);
    assert.equal(exitCode, 0);
    assert.match(out, /--granularity <GRANULARITY>/);
    assert.match(out, /stackmeter --help/);
  });

  const notUnderstood: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an unknown noun', ['clent', 'list'], /unknown command 'clent'[^]*client/],
    ['an unknown verb', ['client', 'lst'], /unknown command 'lst'/],
    ['a noun alone', ['client'], /Usage: stackmeter client/],
    ['nothing at all', [], /Usage: stackmeter/],
    ['an unknown option', ['client', 'list', '--nme', 'x'], /unknown option '--nme'/],
    ['a missing option', ['usage', 'list', '--start', '2018-08-23'], /--end <TIME>/],
    ['a missing operand', ['client', 'disable'], /missing required argument 'ID'/],
    ['one value given twice', ['client', 'add', '--name', 'a', '--name', 'b'], /'--name.*twice/],
    ['a choice twice', ['window', 'list', ...Array(2).fill('--granularity=day')], /twice/],
    ['a folder twice', ['window', 'list', '--data', 'a', '--data', 'b'], /'--data.*twice/],
    ['an unknown choice', ['window', 'list', '--granularity', 'week'], /hour, day/],
  ];
  for (const [what, argv, message] of notUnderstood) {
    it(`ends with 2 on ${what}`, async () => {
      const { exitCode, out, err } = await runForTest(argv);
      assert.equal(exitCode, 2);
      assert.equal(out, '');
      assert.match(err, message);
    });
  }

  it('tells in JSON what it did not understand', async () => {
    const { exitCode, err } = await runForTest(['window', 'close', '--json']);
    assert.equal(exitCode, 2);
    assert.match(err, /^\{"error":\{"code":"InvalidArguments","message":".*--through <TIME>/);
    assert.equal(err.trim().split('\n').length, 1);
  });

  it('ends with 1 on a configuration that cannot be, and says what to do', async () => {
    const { exitCode, err } = await runForTest(['client', 'list', '--port', 'x']);
    assert.equal(exitCode, 1);
    assert.match(err, /^stackmeter: The option --port \(flag\)[^]*\n {2}Correct the flag/);
    assert.doesNotMatch(err, /\bat .*\.ts:/);
    const json = await runForTest(['client', 'list', '--port', 'x', '--json']);
    assert.match(json.err, /^\{"error":\{"code":"ConfigurationInvalid","message":"/);
  });

  it('loads no database, server or certificate code to help', async () => {
    const script = `
      await import(${JSON.stringify(join(projectFolder, 'src/cli/index.ts'))});
      const loaded = process.moduleLoadList.join();
      if (/NativeModule (tls|https)\\b/.test(loaded)) throw new Error('network code was loaded');`;
    const run = promisify(execFile);
    await run(process.execPath, ['--input-type=module', '--eval', script]);
  });
});
