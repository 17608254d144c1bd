import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  fail,
  isGuid,
  parseDirectoryTenantId,
  type DirectoryTenantId,
} from '../../kernel/index.ts';

/** Signatures that can be accepted: by key pairs only, since an issuer shares no secret with us. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];
const DEFAULT_ALGORITHMS = ['RS256', 'PS256', 'ES256'];
/** What directories call a user, then what they call a program, in the order of preference. */
const DEFAULT_NAMES = ['upn', 'preferred_username', 'unique_name', 'client_id', 'azp', 'appid'];
const ANY = '*';
const DISCOVERY = '/.well-known/openid-configuration';

const Text = Type.String({ minLength: 1, maxLength: 2_048 });
const Strict = { additionalProperties: false };
const IssuerList = Type.Array(
  Type.Object(
    {
      name: Text,
      issuer: Text,
      tenantId: Type.Optional(Text),
      tenants: Type.Optional(
        Type.Array(Type.Object({ value: Text, tenantId: Text }, Strict), { minItems: 1 }),
      ),
      audiences: Type.Optional(Type.Array(Text)),
      claims: Type.Optional(
        Type.Object(
          {
            principal: Type.Optional(Text),
            tenant: Type.Optional(Text),
            name: Type.Optional(Type.Array(Text, { minItems: 1 })),
          },
          Strict,
        ),
      ),
      discoveryUri: Type.Optional(Text),
      jwksUri: Type.Optional(Text),
      caFile: Type.Optional(Text),
      algorithms: Type.Optional(Type.Array(Text, { minItems: 1 })),
    },
    Strict,
  ),
);
const IssuerFile = Compile(IssuerList);
type Entry = Static<typeof IssuerList>[number];

/** A directory tenant that an issuer may speak for. */
export interface TenantBinding {
  /** What the tenant claim has to say; undefined for any token, with or without that claim. */
  readonly value: string | undefined;
  readonly tenantId: DirectoryTenantId;
}

/** An OpenID issuer whose tokens are taken. */
export interface TrustedIssuer {
  /** What people call it, in logs and commands. */
  readonly name: string;
  /** The `iss` of its tokens, to the letter. */
  readonly issuer: string;
  readonly discoveryUri: string;
  /** Where the keys are, when discovery is not to be asked. */
  readonly jwksUri: string | undefined;
  /** PEM of the only authorities that may have signed its server certificate; undefined for those of the system. */
  readonly ca: string | undefined;
  /** Audiences beside our own that its tokens may be for. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly string[];
  /** Which claims tell who is calling. */
  readonly claims: {
    readonly principal: string;
    readonly tenant: string;
    /** The first of them that a token has. */
    readonly name: readonly string[];
  };
  readonly tenants: readonly TenantBinding[];
}

/** Says that something at a place of the file cannot be used. */
type Refuse = (place: string, reason: string, cause?: unknown) => Error;

/**
 * Reads the file of trusted issuers that `--trusted-issuers` names; none without a file. The
 * certificates that it names are read too, from the file's folder.
 *
 * @throws ConfigurationInvalid naming the file and the place in it
 */
export async function readTrustedIssuers(
  path: string | undefined,
): Promise<readonly TrustedIssuer[]> {
  if (path === undefined) return [];
  const refuse: Refuse = (place, reason, cause) =>
    fail(
      'ConfigurationInvalid',
      {
        option: `--trusted-issuers (${path})`,
        reason: place === '' ? reason : `${place} ${reason}`,
      },
      { cause },
    );
  const entries = parseFile(await readText(path, refuse), refuse);
  refuseTwice(entries, refuse);
  return Promise.all(
    entries.map((entry, index) =>
      toTrustedIssuer(entry, dirname(path), (place, reason, cause) =>
        refuse(`[${index}]${place}`, reason, cause),
      ),
    ),
  );
}

async function readText(path: string, refuse: Refuse): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw refuse('', `the file cannot be read: ${messageOf(error)}`, error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseFile(text: string, refuse: Refuse): readonly Entry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('', `it is not JSON: ${messageOf(error)}`, error);
  }
  if (IssuerFile.Check(value)) return value;
  const [first] = IssuerFile.Errors(value);
  const { instancePath = '', message = 'has not the documented form', keyword } = first ?? {};
  // A member that the schema does not have is told as a schema that nothing fits.
  const reason = keyword === 'boolean' ? 'is not one of the known members' : message;
  throw refuse(placeOf(instancePath) || 'the file', reason);
}

/** `/0/tenants/1/value` becomes `[0].tenants[1].value`. */
function placeOf(pointer: string): string {
  return pointer.replace(/\/(\d+)/g, '[$1]').replaceAll('/', '.');
}

function refuseTwice(entries: readonly Entry[], refuse: Refuse): void {
  for (const key of ['name', 'issuer'] as const) {
    const seen = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      if (seen.has(entry[key])) {
        throw refuse(`[${index}].${key}`, `is that of an issuer before: '${entry[key]}'`);
      }
      seen.add(entry[key]);
    }
  }
}

async function toTrustedIssuer(
  entry: Entry,
  folder: string,
  refuse: Refuse,
): Promise<TrustedIssuer> {
  const { name, issuer, audiences = [], algorithms = DEFAULT_ALGORITHMS, claims = {} } = entry;
  checkIssuer(entry, refuse);
  for (const [index, algorithm] of algorithms.entries()) {
    if (ALGORITHMS.includes(algorithm)) continue;
    const reason = `is '${algorithm}'; taken are ${ALGORITHMS.join(', ')}`;
    throw refuse(`.algorithms[${index}]`, reason);
  }
  return {
    name,
    issuer,
    // OpenID Connect Discovery section 4.1: a slash at the end of the issuer does not count.
    discoveryUri: entry.discoveryUri ?? issuer.replace(/\/$/, '') + DISCOVERY,
    jwksUri: entry.jwksUri,
    ca: entry.caFile === undefined ? undefined : await readCa(entry.caFile, folder, refuse),
    audiences,
    algorithms,
    claims: {
      principal: claims.principal ?? 'sub',
      tenant: claims.tenant ?? 'tid',
      name: claims.name ?? DEFAULT_NAMES,
    },
    tenants: tenantsOf(entry, refuse),
  };
}

/** The issuer of AD FS's access tokens is no address to ask at, so then another one has to be given. */
function checkIssuer({ issuer, discoveryUri, jwksUri }: Entry, refuse: Refuse): void {
  for (const [key, address] of Object.entries({ discoveryUri, jwksUri })) {
    if (address !== undefined && !isHttps(address)) {
      throw refuse(`.${key}`, `has to be an https address; it is '${address}'`);
    }
  }
  if (isHttps(issuer) || discoveryUri !== undefined || jwksUri !== undefined) return;
  throw refuse(
    '.issuer',
    `is no https address, so discoveryUri or jwksUri has to say where its keys are; it is '${issuer}'`,
  );
}

function isHttps(address: string): boolean {
  return URL.canParse(address) && new URL(address).protocol === 'https:';
}

function tenantsOf({ tenantId, tenants, claims }: Entry, refuse: Refuse): TenantBinding[] {
  if ((tenantId === undefined) === (tenants === undefined)) {
    throw refuse('', 'needs either tenantId, for a directory of its own, or tenants, by a claim');
  }
  if (tenantId !== undefined) {
    if (claims?.tenant !== undefined) {
      throw refuse('.claims.tenant', 'is not looked at with tenantId; give tenants instead');
    }
    return [{ value: undefined, tenantId: parseTenant('.tenantId', tenantId, refuse) }];
  }
  const bindings = (tenants ?? []).map((tenant, index) => ({
    value: tenant.value === ANY ? undefined : tenantKey(tenant.value),
    tenantId: parseTenant(`.tenants[${index}].tenantId`, tenant.tenantId, refuse),
  }));
  for (const [index, { value }] of bindings.entries()) {
    if (bindings.findIndex((other) => other.value === value) === index) continue;
    throw refuse(`.tenants[${index}].value`, `is bound before: '${value ?? ANY}'`);
  }
  return bindings;
}

function parseTenant(place: string, text: string, refuse: Refuse): DirectoryTenantId {
  const tenantId = parseDirectoryTenantId(text);
  if (tenantId === undefined) throw refuse(place, `has to be a GUID; it is '${text}'`);
  return tenantId;
}

/** GUIDs are the same in any case; other values are compared to the letter. */
function tenantKey(value: string): string {
  return isGuid(value) ? value.toLowerCase() : value;
}

/** The directory tenant for which the issuer speaks with this value of the tenant claim, if any. */
export function boundTenant(
  { tenants }: Pick<TrustedIssuer, 'tenants'>,
  value: string | undefined,
): DirectoryTenantId | undefined {
  const key = value === undefined ? undefined : tenantKey(value);
  const named = tenants.find((binding) => binding.value !== undefined && binding.value === key);
  return (named ?? tenants.find((binding) => binding.value === undefined))?.tenantId;
}

async function readCa(file: string, folder: string, refuse: Refuse): Promise<string> {
  const path = resolve(folder, file);
  try {
    const pem = await readFile(path, 'utf8');
    // A file without a certificate would trust nobody, and say so much later.
    if (new X509Certificate(pem).serialNumber !== '') return pem;
  } catch (error) {
    throw refuse('.caFile', `cannot be used: ${path}: ${messageOf(error)}`, error);
  }
  throw refuse('.caFile', `holds no certificate: ${path}`);
}
