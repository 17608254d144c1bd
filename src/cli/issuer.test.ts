import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startOpenIdServer, type OpenIdServer } from '../../test/support/openid-server.ts';
import { runForTest, type Ran } from './test-run.ts';

const TENANT = 'dddddddd-0000-4000-8000-000000000001';

describe('issuer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-issuer-'));
  const path = join(folder, 'issuers.json');
  let openId: OpenIdServer | undefined;
  before(async () => {
    openId = await startOpenIdServer();
  });
  after(async () => {
    await openId?.end();
    rmSync(folder, { recursive: true });
  });
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest(['issuer', ...argv, '--trusted-issuers', path]);
  const trust = (...more: object[]): string => {
    const { issuer = '', caFile = '' } = openId ?? {};
    const good = { name: 'acme', issuer, tenantId: TENANT, caFile };
    writeFileSync(path, JSON.stringify([good, ...more]));
    return issuer;
  };

  it('check tells what each issuer answered, and ends with 0 when all is well', async () => {
    const issuer = trust();
    const { exitCode, out, err } = await run('check');
    assert.deepEqual([exitCode, err], [0, '']);
    assert.match(out, new RegExp(`acme +${issuer} +well +1 at ${issuer}/counted-keys`));
    const [found]: unknown[] = JSON.parse((await run('check', '--json')).out);
    const keyIds = openId?.server.issuer.keys.toJSON().map(({ kid }) => kid);
    const jwksUri = `${issuer}/counted-keys`;
    assert.deepEqual(found, { name: 'acme', issuer, well: true, jwksUri, keyIds });
  });

  it('check tells which one cannot be used, and why, and ends with 3', async () => {
    const issuer = trust({ name: 'gone', issuer: 'https://localhost:1', tenantId: TENANT });
    const { exitCode, out, err } = await run('check');
    assert.deepEqual([exitCode, err], [3, '']);
    assert.match(out, new RegExp(`acme +${issuer} +well`));
    assert.match(
      out,
      /gone +https:\/\/localhost:1 +.*localhost:1\/.* cannot be reached: .*REFUSED/,
    );
    const json = await run('check', '--json');
    assert.equal(json.exitCode, 3);
    const [, gone]: Record<string, unknown>[] = JSON.parse(json.out);
    assert.deepEqual([gone?.['name'], gone?.['well']], ['gone', false]);
  });

  it('check refuses a file that cannot be used', async () => {
    trust({ name: 'acme', issuer: 'https://other.example', tenantId: TENANT });
    const { exitCode, err } = await run('check');
    assert.equal(exitCode, 1);
    assert.match(
      err,
      /--trusted-issuers .* cannot be used: \[1\]\.name is that of an issuer before/,
    );
  });

  it('check has nothing to say without issuers', async () => {
    const { exitCode, out } = await runForTest(['issuer', 'check']);
    assert.deepEqual([exitCode, /There are no trusted issuers/.test(out)], [0, true]);
  });

  it('principal tells whom an issuer means', async () => {
    trust();
    const told = await run('principal', 'acme', 'anna');
    assert.match(told.out, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\n$/);
    assert.equal(told.out, (await run('principal', 'acme', 'anna')).out);
    assert.equal((await run('principal', 'acme', TENANT)).out, `${TENANT}\n`);
    const { exitCode, err } = await run('principal', 'nobody', 'anna');
    assert.equal(exitCode, 1);
    assert.match(err, /issuer nobody/);
  });
});
