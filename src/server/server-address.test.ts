import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { forgetAddress, publicUrlOf, publishAddress, readAddress } from './server-address.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-server-'));
after(() => rmSync(folder, { recursive: true }));

describe('the address that a server gives of itself', () => {
  it('is under its first name, or where it listens', () => {
    const local = 'https://localhost:8443';
    const all = { host: '0.0.0.0', hostNames: ['commerce.example', 'other.example'] };
    assert.equal(publicUrlOf(local, all), 'https://commerce.example:8443');
    const addressed = { host: '::', hostNames: ['fd00::1'] };
    assert.equal(publicUrlOf(local, addressed), 'https://[fd00::1]:8443');
    assert.equal(publicUrlOf(local, { host: 'localhost', hostNames: [] }), local);
    for (const host of ['0.0.0.0', '::']) {
      assert.equal(publicUrlOf(local, { host, hostNames: [] }), undefined);
    }
  });

  it('is published, and taken back by the same server alone', async () => {
    const baseUrl = 'https://localhost:9443';
    const publicUrl = 'https://commerce.example:8443';
    for (const address of [
      { baseUrl, publicUrl, pid: 7 },
      { baseUrl, publicUrl: undefined, pid: 7 },
    ]) {
      await publishAddress(folder, address);
      assert.deepEqual(await readAddress(folder), address);
    }
    await forgetAddress(folder, 8);
    assert.equal((await readAddress(folder))?.pid, 7);
    await forgetAddress(folder, 7);
    assert.equal(await readAddress(folder), undefined);
    writeFileSync(join(folder, 'server.json'), '{}');
    assert.equal(await readAddress(folder), undefined);
  });
});
