import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const RUN = join(ROOT, 'bin', 'run');
const PAGE = join(ROOT, 'docs', 'reference', 'adapter-interface.md');

describe('an adapter of somebody else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-own-adapter-'));
  after(() => rmSync(folder, { recursive: true }));
  const [, example = ''] = /```ts\n([^]*?)```/.exec(readFileSync(PAGE, 'utf8')) ?? [];
  const check = (module: string): Promise<{ readonly code: unknown; readonly said: string }> =>
    new Promise((resolve) => {
      const path = join(folder, 'own.ts');
      // The page writes of a checkout beside the adapter.
      writeFileSync(path, module.replaceAll('./stackmeter/', `${ROOT}/`));
      const run = ['test/adapters/check/main.ts', path];
      execFile(RUN, run, { cwd: ROOT }, (error, out, err) => {
        resolve({ code: error?.code ?? 0, said: out + err });
      });
    });

  it('is checked from outside as the page says', async () => {
    assert.match(example, /export const adapter/);
    const { code, said } = await check(example);
    assert.equal(code, 0, said);
    assert.match(said, /^ok {6}what is sent arrives/m);
    assert.match(said, /12 kept, 0 not/);
  });

  it('is told what is wrong with it', async () => {
    const { code, said } = await check(example.replace('value: event.quantity', "value: '1'"));
    assert.equal(code, 1, said);
    assert.match(said, /^FAILED {2}what is sent arrives, exactly and once: of .* was given/m);
    const none = await check('export const adapter = {};');
    assert.equal(none.code, 2);
    assert.match(none.said, /no openOtherSide/);
  });
});
