import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
// @ts-expect-error -- it comes without types
import S3rver from 's3rver';
import { isSafePath, writeWhole, type Destination } from './destination.ts';
import { folderDestination, removeFolder } from './folder.ts';
import { s3Destination, type S3Target } from './s3.ts';
import { withFolder } from './test-tables.ts';

const HELLO = Buffer.from('hello');

async function textOf(destination: Destination, path: string): Promise<string | undefined> {
  const chunks = await destination.read(path);
  if (chunks === undefined) return undefined;
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('utf8');
}

describe('a folder for exports', () => {
  const folder = withFolder();

  it('has a file only when it is whole', async () => {
    const destination = folderDestination(folder.path, 'one');
    const file = await destination.create('2026/10/part.csv');
    await file.write(HELLO);
    assert.equal(await textOf(destination, '2026/10/part.csv'), undefined);
    await file.commit();
    assert.equal(await textOf(destination, '2026/10/part.csv'), 'hello');
    assert.deepEqual(readdirSync(join(folder.path, 'one/2026/10')), ['part.csv']);
  });

  it('takes the place of what a killed process left, and of the file before', async () => {
    const destination = folderDestination(folder.path, 'two');
    const left = await destination.create('part.csv');
    await left.write(Buffer.from('left behind'));
    await writeWhole(destination, 'part.csv', HELLO);
    await writeWhole(destination, 'part.csv', Buffer.from('newer'));
    assert.equal(await textOf(destination, 'part.csv'), 'newer');
    await left.abandon();
    await destination.remove('part.csv');
    await destination.remove('part.csv');
    assert.equal(await textOf(destination, 'part.csv'), undefined);
  });

  it('leaves nothing of a file that is given up', async () => {
    const destination = folderDestination(folder.path, 'three');
    const file = await destination.create('part.csv');
    await file.write(HELLO);
    await file.abandon();
    assert.deepEqual(readdirSync(join(folder.path, 'three')), []);
  });

  it('cannot be left by a path or a link', async () => {
    for (const path of ['../x', 'a/../x', '/x', 'a//x', '.hidden', 'a\\x', 'a\0', '', 'ä']) {
      assert.equal(isSafePath(path), false, path);
      const destination = folderDestination(folder.path, 'four');
      await assert.rejects(destination.create(path), RangeError);
    }
    const outside = join(folder.path, 'outside');
    const inside = join(folder.path, 'inside');
    mkdirSync(outside);
    mkdirSync(inside);
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(outside, join(inside, 'way-out'));
    symlinkSync(join(outside, 'secret'), join(inside, 'link'));
    const destination = folderDestination(inside, '');
    await assert.rejects(destination.create('way-out/new'), { code: 'ExportDestinationFailed' });
    await assert.rejects(destination.create('way-out/deep/new'), {
      code: 'ExportDestinationFailed',
    });
    assert.deepEqual(readdirSync(outside), ['secret']);
    await removeFolder(inside, 'way-out');
    assert.equal(existsSync(join(outside, 'secret')), true);
    assert.equal(await textOf(destination, 'way-out/secret'), undefined);
    assert.equal(await textOf(destination, 'link'), undefined);
    await destination.remove('way-out/secret');
    assert.equal(existsSync(join(outside, 'secret')), true);
    await writeWhole(destination, 'link', HELLO);
    assert.equal(readFileSync(join(outside, 'secret'), 'utf8'), 'secret');
  });

  it('is on disk with the folders that were made for it', async (t) => {
    const root = join(folder.path, 'not/there/yet');
    const synced: string[] = [];
    const handle = await open(folder.path, 'r');
    const files = Object.getPrototypeOf(handle) as FileHandle;
    t.mock.method(files, 'datasync', () => Promise.reject(new Error('not enough')));
    t.mock.method(files, 'sync', function syncing(this: FileHandle) {
      synced.push(readlinkSync(`/proc/self/fd/${this.fd}`).slice(folder.path.length));
      return Promise.resolve();
    });
    await handle.close();
    await writeWhole(folderDestination(root, 'a'), 'b/c.csv', HELLO);
    const last = '/not/there/yet/a/b';
    assert.deepEqual(
      synced.filter((path) => !path.includes('.partial')),
      ['/not/there', '/not', '', '/not/there/yet', '/not/there/yet/a', last],
    );
    synced.length = 0;
    await writeWhole(folderDestination(root, 'a'), 'b/d.csv', HELLO);
    assert.deepEqual(
      synced.filter((path) => !path.includes('.partial')),
      [last],
    );
  });

  it('goes with all that is in it', async () => {
    const destination = folderDestination(folder.path, 'five');
    await writeWhole(destination, 'a/b.csv', HELLO);
    await removeFolder(folder.path, 'five');
    await removeFolder(folder.path, 'five');
    assert.equal(existsSync(join(folder.path, 'five')), false);
    await assert.rejects(removeFolder(folder.path, '..'), RangeError);
  });

  it('tells that it cannot be written', async () => {
    writeFileSync(join(folder.path, 'a-file'), '');
    const destination = folderDestination(folder.path, 'a-file');
    await assert.rejects(destination.create('part.csv'), { code: 'ExportDestinationFailed' });
  });
});

const inside = { reach: 'network' } as const;

describe('a store that speaks S3', () => {
  const folder = withFolder();
  let server: { run(): Promise<{ port: number }>; close(): Promise<void> };
  let target: S3Target;

  before(async () => {
    server = new S3rver({
      address: '127.0.0.1',
      port: 0,
      silent: true,
      directory: folder.path,
      configureBuckets: [{ name: 'exports', configs: [] }],
    });
    const { port } = await server.run();
    target = {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      bucket: 'exports',
      prefix: 'a/b',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    };
  });
  after(async () => {
    await server.close();
  });

  const stored = (name: string): Buffer =>
    readFileSync(join(folder.path, 'exports/a/b', `${name}._S3rver_object`));

  it('has a small file at once', async () => {
    await writeWhole(s3Destination(target, inside), 'x/small.csv', HELLO);
    assert.equal(stored('x/small.csv').toString(), 'hello');
  });

  it('has a large file from its parts, only when it is whole', async () => {
    const file = await s3Destination(target, inside).create('large.bin');
    const chunk = Buffer.alloc(3_000_000, 'abc');
    for (let count = 0; count < 7; count++) await file.write(chunk);
    assert.throws(() => stored('large.bin'));
    await file.commit();
    assert.deepEqual(stored('large.bin'), Buffer.concat(Array.from({ length: 7 }, () => chunk)));
  });

  it('forgets a file that is given up or removed', async () => {
    const destination = s3Destination(target, inside);
    const file = await destination.create('given-up.bin');
    await file.write(Buffer.alloc(9_000_000));
    await file.abandon();
    assert.throws(() => stored('given-up.bin'));
    await writeWhole(destination, 'gone.csv', HELLO);
    await destination.remove('gone.csv');
    await destination.remove('gone.csv');
    assert.throws(() => stored('gone.csv'));
  });

  it('tells what the store says, and not the keys', async () => {
    const wrong = s3Destination(
      {
        ...target,
        accessKeyId: 'SOMEBODY',
        secretAccessKey: 'not-the-secret',
      },
      inside,
    );
    const error = await writeWhole(wrong, 'x.csv', HELLO).then(
      () => undefined,
      (reason: unknown) => String(reason),
    );
    assert.match(error ?? '', /403 InvalidAccessKeyId/);
    assert.doesNotMatch(error ?? '', /not-the-secret/);
    const nowhere = s3Destination({ ...target, bucket: 'elsewhere' }, inside);
    await assert.rejects(writeWhole(nowhere, 'x.csv', HELLO), /404 NoSuchBucket/);
  });
});
