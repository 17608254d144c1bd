import type { FastifyRequest } from 'fastify';
import { parseDirectoryTenantId, type DirectoryTenantId } from '../../kernel/index.ts';
import { isOwnOrigin, originOf } from '../../platform/index.ts';

/** One form of address of the authority, with `:name` and `:tenant` to be filled in. */
export interface Layout {
  /** What precedes `/.well-known/openid-configuration`. */
  readonly issuer: string;
  /** What precedes the endpoints and the path between. */
  readonly base: string;
  readonly endpoints: '/oauth2' | '/oauth2/v2.0';
}

/**
 * The forms of address in which stock clients look for an authority: those of AD FS, with and
 * without a tenant, and that of Azure AD, at the root or below the address that discovery gives out.
 * Each is an issuer of its own, as OpenID Connect demands; people, clients and keys are the same.
 */
export const layouts: readonly Layout[] = [
  { issuer: '/adfs', base: '/adfs', endpoints: '/oauth2' },
  { issuer: '/adfs/:tenant', base: '/adfs/:tenant', endpoints: '/oauth2' },
  { issuer: '/adfs/:name/:tenant', base: '/adfs/:name/:tenant', endpoints: '/oauth2' },
  { issuer: '/adfs/:name/:tenant/v2.0', base: '/adfs/:name/:tenant', endpoints: '/oauth2/v2.0' },
  { issuer: '/:tenant/v2.0', base: '/:tenant', endpoints: '/oauth2/v2.0' },
];

/**
 * The name under /adfs that discovery gives out: with it clients keep the tenant they were told.
 */
const AUTHORITY_NAME = 'stackmeter';
/** Words in the place of a tenant that stand for whichever one the caller is of. */
const ANY_TENANT = new Set(['adfs', 'common', 'organizations', AUTHORITY_NAME]);
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const ISSUER_PATH =
  /^(?:\/adfs(?:\/[a-z][a-z0-9-]{0,31})?(?:\/[a-z0-9-]{1,36}(?:\/v2\.0)?)?|\/[a-z0-9-]{1,36}\/v2\.0)$/;

/** Clients that ask for this audience whatever the endpoint cannot be taught otherwise. */
const PUBLIC_AUDIENCE = 'https://management.azure.com';
const PUBLIC_AUDIENCES = /^https:\/\/management\.azure\.com\/?$/i;

/** The values of `:name` and `:tenant` in the path of a request. */
export interface LayoutParameters {
  readonly name?: string | undefined;
  readonly tenant?: string | undefined;
}

/** One issuer: a layout with its words filled in, at the origin by which the caller knows it. */
export interface Issuer {
  /** Text of the claim `iss`, in lower case. */
  readonly issuer: string;
  readonly origin: string;
  /** Path before the routes of the library. */
  readonly mount: string;
  readonly endpoints: Layout['endpoints'];
  /** The tenant that may use it; undefined for every one. */
  readonly tenantId: DirectoryTenantId | undefined;
}

/**
 * The issuer that a request addresses; undefined when its path has words that no issuer has. Whether
 * there is such a tenant is another question.
 */
export function issuerOf(
  request: FastifyRequest,
  layout: Layout,
  { name, tenant }: LayoutParameters,
): Issuer | undefined {
  const words = { name: name?.toLowerCase(), tenant: tenant?.toLowerCase() };
  const tenantId = words.tenant === undefined ? undefined : parseDirectoryTenantId(words.tenant);
  if (words.name !== undefined && !NAME.test(words.name)) return undefined;
  if (words.tenant !== undefined && tenantId === undefined && !ANY_TENANT.has(words.tenant)) {
    return undefined;
  }
  const fill = (pattern: string): string =>
    pattern.replace(':name', words.name ?? '').replace(':tenant', words.tenant ?? '');
  const origin = originOf(request);
  return {
    issuer: origin + fill(layout.issuer),
    origin,
    mount: fill(layout.base),
    endpoints: layout.endpoints,
    tenantId,
  };
}

/** The address that clients are told to sign in at. */
export function loginEndpoint(request: FastifyRequest): string {
  return `${originOf(request)}/adfs/${AUTHORITY_NAME}`;
}

/** The same for the clients of one directory tenant: what a challenge names. */
export function authorizationUri(request: FastifyRequest, tenantId: DirectoryTenantId): string {
  return `${loginEndpoint(request)}/${tenantId}`;
}

/** Whether tokens that name this issuer are ours, seen from the request. */
export function isOwnIssuer(request: FastifyRequest, issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { origin, username, pathname, search, hash } = new URL(issuer);
  if (username !== '' || search !== '' || hash !== '') return false;
  return ISSUER_PATH.test(pathname) && isOwnOrigin(request, origin);
}

/** Whether tokens for this audience are for us: our own address, or the one of public Azure. */
export function isOwnAudience(request: FastifyRequest, audience: string): boolean {
  return PUBLIC_AUDIENCES.test(audience) || isOwnOrigin(request, audience);
}

/** The audiences for which whoever signed in at this origin may ask later on. */
export function audiencesOf(origin: string): readonly string[] {
  return [origin, `${origin}/`, PUBLIC_AUDIENCE, `${PUBLIC_AUDIENCE}/`];
}
