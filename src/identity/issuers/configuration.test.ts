import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { StackmeterError } from '../../kernel/index.ts';
import { ensureTls, systemClock } from '../../platform/index.ts';
import { boundTenant, readTrustedIssuers } from './configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-issuers-'));
after(() => rmSync(folder, { recursive: true }));

const HOME = 'dddddddd-0000-4000-8000-000000000001';
const OTHER = 'dddddddd-0000-4000-8000-000000000002';
const ENTRA = {
  name: 'entra',
  issuer: `https://login.microsoftonline.com/${HOME}/v2.0`,
  tenantId: HOME,
};

let files = 0;
function read(content: unknown) {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readTrustedIssuers(path);
}

async function refused(content: unknown, reason: RegExp): Promise<void> {
  await assert.rejects(read(content), (error) => {
    assert.ok(error instanceof StackmeterError);
    assert.equal(error.code, 'ConfigurationInvalid');
    assert.match(error.message, /^The option --trusted-issuers \(.*\.json\) cannot be used: /);
    assert.match(error.message, reason);
    return true;
  });
}

describe('the file of trusted issuers', () => {
  it('may be left out, and may be empty', async () => {
    assert.deepEqual(await readTrustedIssuers(undefined), []);
    assert.deepEqual(await read([]), []);
  });

  it('needs little: a name, the issuer, its tenant', async () => {
    assert.deepEqual(await read([ENTRA]), [
      {
        name: 'entra',
        issuer: ENTRA.issuer,
        discoveryUri: `${ENTRA.issuer}/.well-known/openid-configuration`,
        jwksUri: undefined,
        ca: undefined,
        audiences: [],
        algorithms: ['RS256', 'PS256', 'ES256'],
        claims: {
          principal: 'sub',
          tenant: 'tid',
          name: ['upn', 'preferred_username', 'unique_name', 'client_id', 'azp', 'appid'],
        },
        tenants: [{ value: undefined, tenantId: HOME }],
      },
    ]);
  });

  it('may say everything, and names certificates from its own folder', async () => {
    const { caFile, ca } = await ensureTls({ data: folder, hosts: [], clock: systemClock });
    const [adfs] = await read([
      {
        name: 'adfs',
        issuer: 'http://adfs.one.example/adfs/services/trust',
        discoveryUri: 'https://adfs.one.example/adfs/.well-known/openid-configuration',
        tenants: [
          { value: 'one', tenantId: HOME.toUpperCase() },
          { value: '*', tenantId: OTHER },
        ],
        audiences: ['urn:stackmeter'],
        claims: { principal: 'oid', tenant: 'company', name: ['display'] },
        caFile: join('tls', 'ca.pem'),
        algorithms: ['ES384'],
      },
    ]);
    assert.equal(dirname(dirname(caFile)), folder);
    assert.equal(adfs?.ca, ca);
    assert.deepEqual(adfs?.tenants, [
      { value: 'one', tenantId: HOME },
      { value: undefined, tenantId: OTHER },
    ]);
    assert.deepEqual(adfs?.claims, { principal: 'oid', tenant: 'company', name: ['display'] });
  });

  it('is found where an issuer ends in a slash', async () => {
    const [sts] = await read([{ ...ENTRA, issuer: 'https://sts.windows.net/a/' }]);
    assert.equal(sts?.issuer, 'https://sts.windows.net/a/');
    assert.equal(sts?.discoveryUri, 'https://sts.windows.net/a/.well-known/openid-configuration');
  });

  const { tenantId: _, ...unbound } = ENTRA;
  const tenant = { value: 'one', tenantId: HOME };
  const refusals: readonly (readonly [string, unknown, RegExp])[] = [
    ['text that is no JSON', '[', /it is not JSON/],
    ['another form', { issuers: [] }, /the file must be array/],
    ['a missing name', [{ issuer: 'https://a.example', tenantId: HOME }], /\[0\].*name/],
    ['a slip of the pen', [{ ...ENTRA, audience: 'a' }], /\[0\]\.audience is not one of the known/],
    ['an issuer that is no text', [ENTRA, { ...ENTRA, issuer: 5 }], /\[1\]\.issuer must be string/],
    ['the same issuer twice', [ENTRA, { ...ENTRA, name: 'b' }], /\[1\]\.issuer is that of/],
    ['the same name twice', [ENTRA, { ...ENTRA, issuer: 'https://b' }], /\[1\]\.name is that of/],
    ['no way to the keys', [{ ...ENTRA, issuer: 'http://a.example' }], /\[0\]\.issuer is no https/],
    ['keys over http', [{ ...ENTRA, jwksUri: 'http://a.example' }], /\[0\]\.jwksUri has to be/],
    ['discovery over http', [{ ...ENTRA, discoveryUri: 'a' }], /\[0\]\.discoveryUri has to be/],
    ['an issuer without tenant', [unbound], /\[0\] needs either tenantId/],
    ['both kinds of tenants', [{ ...ENTRA, tenants: [tenant] }], /\[0\] needs either tenantId/],
    ['a claim that nobody reads', [{ ...ENTRA, claims: { tenant: 'a' } }], /claims\.tenant is not/],
    ['a tenant that is no GUID', [{ ...ENTRA, tenantId: 'a' }], /\[0\]\.tenantId has to be a GUID/],
    [
      'a bound tenant that is no GUID',
      [{ ...unbound, tenants: [tenant, { value: 'two', tenantId: 'a' }] }],
      /\[0\]\.tenants\[1\]\.tenantId has to be a GUID/,
    ],
    ['a tenant twice', [{ ...unbound, tenants: [tenant, tenant] }], /tenants\[1\]\.value is bound/],
    ['no signature', [{ ...ENTRA, algorithms: ['none'] }], /\[0\]\.algorithms\[0\] is 'none'/],
    [
      'shared secrets',
      [{ ...ENTRA, algorithms: ['RS256', 'HS256'] }],
      /algorithms\[1\] is 'HS256'/,
    ],
    ['no algorithm', [{ ...ENTRA, algorithms: [] }], /\[0\]\.algorithms/],
    ['a certificate that is absent', [{ ...ENTRA, caFile: 'absent.pem' }], /\[0\]\.caFile cannot/],
    [
      'a certificate that is none',
      [{ ...ENTRA, caFile: '1.json' }],
      /\[0\]\.caFile cannot be used/,
    ],
  ];
  for (const [what, content, reason] of refusals) {
    it(`is refused for ${what}`, () => refused(content, reason));
  }

  it('is refused when it is absent', async () => {
    await assert.rejects(readTrustedIssuers(join(folder, 'absent')), /cannot be read/);
  });
});

describe('tenants of an issuer', () => {
  const bound = { value: OTHER, tenantId: HOME };
  const tenants = [bound, { value: 'one', tenantId: OTHER }] as unknown as Parameters<
    typeof boundTenant
  >[0]['tenants'];

  it('are those that are bound, GUIDs in any case, other values to the letter', () => {
    assert.equal(boundTenant({ tenants }, OTHER.toUpperCase()), HOME);
    assert.equal(boundTenant({ tenants }, 'one'), OTHER);
    assert.equal(boundTenant({ tenants }, 'One'), undefined);
    assert.equal(boundTenant({ tenants }, undefined), undefined);
  });

  it('are nobody else, whatever the claim says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        fc.pre(value !== 'one' && value.toLowerCase() !== OTHER);
        assert.equal(boundTenant({ tenants }, value), undefined);
      }),
    );
  });
});
