/**
 * Checks an adapter that is a module of somebody else's: `bin/run test/adapters/check/main.ts MODULE`. The module exports
 * `adapter` and `openOtherSide`. Ends with 1 when the adapter does not keep what it has to.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isJsonObject } from '../../../src/kernel/index.ts';
import { checkAdapter, type AdapterUnderTest } from './check-adapter.ts';

const [path] = process.argv.slice(2);
const { stdout, stderr } = process;

if (path === undefined) {
  stderr.write('Name the module: bin/run test/adapters/check/main.ts MODULE\n');
  process.exitCode = 2;
} else {
  const found: unknown = await import(pathToFileURL(resolve(path)).href);
  if (isUnderTest(found)) await check(found);
  else {
    stderr.write(`${path} exports no adapter, or no openOtherSide\n`);
    process.exitCode = 2;
  }
}

async function check(found: AdapterUnderTest): Promise<void> {
  const results = await checkAdapter(found);
  const failed = results.filter(({ problem }) => problem !== undefined);
  for (const { check: name, problem } of results) {
    stdout.write(problem === undefined ? `ok      ${name}\n` : `FAILED  ${name}: ${problem}\n`);
  }
  stdout.write(`${results.length - failed.length} kept, ${failed.length} not\n`);
  if (failed.length > 0) process.exitCode = 1;
}

function isUnderTest(found: unknown): found is AdapterUnderTest {
  if (typeof found !== 'object' || found === null) return false;
  const { adapter, openOtherSide } = { adapter: undefined, openOtherSide: undefined, ...found };
  return isJsonObject(adapter) && typeof openOtherSide === 'function';
}
