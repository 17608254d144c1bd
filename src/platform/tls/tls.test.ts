import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fixedClock } from '../clock.ts';
import { ensureTls } from './tls.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00Z');
const DAY_MS = 24 * 3_600_000;
const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stackmeter-tls-'));
  folders.push(folder);
  return folder;
}

after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describe('private authority and server certificate', () => {
  it('are made at the first start: P-256, the names, one year, signed by the authority', async () => {
    const data = await newFolder();
    const tls = await ensureTls({ data, hosts: ['usage.example.org'], clock: fixedClock(START) });
    const authority = new X509Certificate(tls.ca);
    const server = new X509Certificate(tls.cert);
    assert.equal(authority.ca, true);
    assert.equal(server.ca, false);
    assert.ok(server.checkIssued(authority) && server.verify(authority.publicKey));
    assert.ok(authority.verify(authority.publicKey));
    assert.equal(server.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    for (const name of ['localhost', 'usage.example.org']) assert.ok(server.checkHost(name));
    for (const address of ['127.0.0.1', '::1']) assert.ok(server.checkIP(address));
    assert.equal(tls.until.toString(), '2027-04-02T00:00:00Z');
    assert.deepEqual(server.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  });

  it('lie in files of which only the owner may read the keys', async () => {
    const data = await newFolder();
    const { caFile } = await ensureTls({ data, hosts: [], clock: fixedClock(START) });
    const folder = join(data, 'tls');
    assert.equal(caFile, join(folder, 'ca.pem'));
    assert.deepEqual((await readdir(folder)).toSorted(), [
      'ca.key',
      'ca.pem',
      'server.key',
      'server.pem',
    ]);
    const modeOf = async (name: string) => (await stat(join(folder, name))).mode & 0o777;
    assert.equal(await modeOf('ca.key'), 0o600);
    assert.equal(await modeOf('server.key'), 0o600);
    assert.equal(await modeOf('ca.pem'), 0o644);
    await chmod(join(folder, 'ca.key'), 0o644);
    await ensureTls({ data, hosts: [], clock: fixedClock(START) });
    assert.equal(await modeOf('ca.key'), 0o600);
  });

  it('are kept from start to start', async () => {
    const data = await newFolder();
    const clock = fixedClock(START);
    const first = await ensureTls({ data, hosts: ['a.org'], clock });
    clock.advance(100 * DAY_MS);
    assert.deepEqual(await ensureTls({ data, hosts: ['a.org'], clock }), first);
  });

  it('the server certificate alone is renewed within its last 30 days', async () => {
    const data = await newFolder();
    const clock = fixedClock(START);
    const first = await ensureTls({ data, hosts: [], clock });
    clock.advance(366 * DAY_MS);
    assert.equal((await ensureTls({ data, hosts: [], clock })).cert, first.cert);
    clock.advance(2 * DAY_MS);
    const renewed = await ensureTls({ data, hosts: [], clock });
    assert.notEqual(renewed.cert, first.cert);
    assert.equal(renewed.ca, first.ca);
    assert.equal(renewed.key, first.key);
    assert.ok(Temporal.Instant.compare(renewed.until, first.until) > 0);
  });

  it('the server certificate alone is renewed when the names change', async () => {
    const data = await newFolder();
    const clock = fixedClock(START);
    const first = await ensureTls({ data, hosts: ['a.org'], clock });
    const renewed = await ensureTls({ data, hosts: ['b.org'], clock });
    assert.equal(renewed.ca, first.ca);
    assert.ok(new X509Certificate(renewed.cert).checkHost('b.org'));
    assert.ok(!new X509Certificate(renewed.cert).checkHost('a.org'));
  });

  it('a damaged server certificate, or one of another key, is issued again', async () => {
    const data = await newFolder();
    const other = await newFolder();
    const clock = fixedClock(START);
    await ensureTls({ data, hosts: [], clock });
    const foreign = await ensureTls({ data: other, hosts: [], clock });
    for (const text of ['', 'not a certificate', foreign.cert]) {
      await writeFile(join(data, 'tls', 'server.pem'), text);
      const { cert, ca } = await ensureTls({ data, hosts: [], clock });
      assert.ok(new X509Certificate(cert).verify(new X509Certificate(ca).publicKey));
    }
  });

  it('several processes that start at once end up with one authority and one key', async () => {
    const data = await newFolder();
    const clock = fixedClock(START);
    const all = await Promise.all(
      Array.from({ length: 8 }, () => ensureTls({ data, hosts: [], clock })),
    );
    const [first] = all;
    assert.ok(first);
    for (const { key, ca, cert } of all) {
      assert.equal(key, first.key);
      assert.equal(ca, first.ca);
      assert.ok(new X509Certificate(cert).verify(new X509Certificate(ca).publicKey));
    }
    assert.deepEqual(
      (await readdir(join(data, 'tls'))).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('an authority certificate without its key, or past its end, is told and not replaced', async () => {
    const data = await newFolder();
    const clock = fixedClock(START);
    await ensureTls({ data, hosts: [], clock });
    const caFile = join(data, 'tls', 'ca.pem');
    const before = await readFile(caFile, 'utf8');
    clock.advance(20 * 365 * DAY_MS);
    await assert.rejects(ensureTls({ data, hosts: [], clock }), /ended at 2046/);
    clock.set(START);
    await rm(join(data, 'tls', 'ca.key'));
    await assert.rejects(ensureTls({ data, hosts: [], clock }), /ca\.key is missing/);
    assert.equal(await readFile(caFile, 'utf8'), before);
  });
});
