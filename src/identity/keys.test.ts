import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { parseClientId, parseDirectoryTenantId } from '../kernel/index.ts';
import { fixedClock } from '../platform/index.ts';
import { loadSigningKeys } from './keys.ts';
import { createTokenChecker, issueToken, TOKEN_SECONDS } from './token.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00Z');
const clientId = parseClientId('aaaaaaaa-0000-4000-8000-000000000001');
const tenantId = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001');
assert.ok(clientId && tenantId);
const CLAIMS = {
  clientId,
  tenantId,
  issuer: 'https://localhost/adfs',
  audience: 'https://localhost',
};
const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stackmeter-keys-'));
  folders.push(folder);
  return folder;
}

after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describe('signing keys', () => {
  it('are made once, for the owner only, and published without their private part', async () => {
    const data = await newFolder();
    const clock = fixedClock(START);
    const several = await Promise.all([1, 2, 3].map(() => loadSigningKeys({ data, clock })));
    const [first, ...others] = several;
    assert.ok(first);
    for (const other of others) assert.deepEqual(other.published, first.published);
    assert.equal((await stat(join(data, 'authority', 'keys.json'))).mode & 0o777, 0o600);
    const [key] = first.published;
    assert.deepEqual(Object.keys(key ?? {}).toSorted(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
    assert.equal(Buffer.from(String(key?.n), 'base64url').length * 8, 2048);
  });

  it('are a list: the newest signs, the older ones still check', async () => {
    const data = await newFolder();
    const clock = fixedClock(START);
    const old = await loadSigningKeys({ data, clock });
    const token = await issueToken(old, clock, CLAIMS);
    clock.advance(60_000);
    const second = await newFolder();
    await loadSigningKeys({ data: second, clock });
    const read = async (folder: string) =>
      JSON.parse(await readFile(join(folder, 'authority', 'keys.json'), 'utf8'));
    const keys = [...(await read(data)).keys, ...(await read(second)).keys];
    await writeFile(join(data, 'authority', 'keys.json'), JSON.stringify({ keys }));
    const rotated = await loadSigningKeys({ data, clock });
    assert.equal(rotated.published.length, 2);
    assert.notEqual(rotated.current.kid, old.current.kid);
    assert.equal(typeof (await createTokenChecker(rotated, clock)(token)), 'object');
  });

  it('that are damaged are told, not replaced', async () => {
    const data = await newFolder();
    const clock = fixedClock(START);
    await loadSigningKeys({ data, clock });
    for (const text of ['', '{"keys":[]}', '{"keys":[{"kid":"a"}]}']) {
      await writeFile(join(data, 'authority', 'keys.json'), text);
      await assert.rejects(loadSigningKeys({ data, clock }), /keys\.json is damaged/);
    }
  });
});

describe('tokens', () => {
  it('are RS256 with the key id, and say who, for whom and until when', async () => {
    const clock = fixedClock(START);
    const keys = await loadSigningKeys({ data: await newFolder(), clock });
    const token = await issueToken(keys, clock, CLAIMS);
    const header = decodeProtectedHeader(token);
    assert.deepEqual(header, { alg: 'RS256', typ: 'JWT', kid: keys.current.kid });
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const iat = START.epochMilliseconds / 1000;
    assert.partialDeepStrictEqual(payload, {
      iss: CLAIMS.issuer,
      aud: CLAIMS.audience,
      sub: clientId,
      oid: clientId,
      appid: clientId,
      tid: tenantId,
      iat,
      nbf: iat,
      exp: iat + TOKEN_SECONDS,
    });
  });

  it('end after an hour and a minute of leeway, remembered or not', async () => {
    const clock = fixedClock(START);
    const keys = await loadSigningKeys({ data: await newFolder(), clock });
    const token = await issueToken(keys, clock, CLAIMS);
    const check = createTokenChecker(keys, clock);
    const fresh = () => createTokenChecker(keys, clock)(token);
    assert.equal(typeof (await check(token)), 'object');
    clock.advance((TOKEN_SECONDS + 59) * 1000);
    assert.equal(typeof (await check(token)), 'object');
    assert.equal(typeof (await fresh()), 'object');
    clock.advance(2_000);
    assert.equal(await check(token), 'it has expired');
    assert.equal(await fresh(), 'it has expired');
    clock.set(START.subtract({ minutes: 2 }));
    assert.equal(await fresh(), 'it is not valid yet');
  });
});
