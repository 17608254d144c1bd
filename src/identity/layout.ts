import type { FastifyRequest } from 'fastify';
import { isGuid, type DirectoryTenantId } from '../kernel/index.ts';
import { isOwnOrigin, originOf } from '../platform/index.ts';

/**
 * The forms of address in which stock clients look for an authority: those of AD FS, with and
 * without a tenant, and that of Azure AD, at the root or below the
 * address that discovery gives out. All of them are the same authority.
 */
export const layouts = [
  { prefix: '/adfs', endpoints: '/oauth2' },
  { prefix: '/adfs/:tenant', endpoints: '/oauth2' },
  { prefix: '/adfs/:name/:tenant', endpoints: '/oauth2' },
  { prefix: '/adfs/:name/:tenant/v2.0', endpoints: '/adfs/:name/:tenant/oauth2/v2.0' },
  { prefix: '/:tenant/v2.0', endpoints: '/:tenant/oauth2/v2.0' },
] as const;

/**
 * The name under /adfs that discovery gives out: with it clients keep the tenant they were told.
 */
const AUTHORITY_NAME = 'stackmeter';
const SEGMENT = /^[\w.-]{1,128}$/;
const ISSUER_PATH =
  /^(?:\/adfs(?:\/[\w.-]{1,128}){0,2}|(?:\/adfs\/[\w.-]{1,128})?\/[\w.-]{1,128}\/v2\.0)$/i;
const DEFAULT_SCOPE = '/.default';
/** Clients that ask for this audience whatever the endpoint cannot be taught otherwise. */
const PUBLIC_AUDIENCE = /^https:\/\/management\.azure\.com\/?$/i;

/** Where one caller finds the parts of the authority. */
export interface AuthorityAddresses {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
}

/** The values of `:name` and `:tenant` in the path of a request. */
export interface LayoutParameters {
  readonly name?: string;
  readonly tenant?: string;
}

function fill(pattern: string, { name = '', tenant = '' }: LayoutParameters): string {
  return pattern.replace(':name', name).replace(':tenant', tenant);
}

/** Whether the path's own words may be repeated in addresses. */
export function isPlain({ name, tenant }: LayoutParameters): boolean {
  return [name, tenant].every((value) => value === undefined || SEGMENT.test(value));
}

/**
 * The addresses as the caller of the request writes them. The issuer is what precedes
 * `/.well-known/openid-configuration`, as OpenID Connect Discovery demands.
 */
export function addressesOf(
  request: FastifyRequest,
  layout: (typeof layouts)[number],
  parameters: LayoutParameters,
): AuthorityAddresses {
  const origin = originOf(request);
  const issuer = `${origin}${fill(layout.prefix, parameters)}`;
  const { endpoints } = layout;
  const base =
    endpoints === '/oauth2' ? `${issuer}${endpoints}` : origin + fill(endpoints, parameters);
  return {
    issuer,
    authorizationEndpoint: `${base}/authorize`,
    tokenEndpoint: `${base}/token`,
    jwksUri: `${origin}/adfs/discovery/keys`,
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
  const { origin, pathname, search, hash } = new URL(issuer);
  return search === '' && hash === '' && ISSUER_PATH.test(pathname) && isOwnOrigin(request, origin);
}

/** Whether tokens for this audience are for us: our own address, or the one of public Azure. */
export function isOwnAudience(request: FastifyRequest, audience: string): boolean {
  return PUBLIC_AUDIENCE.test(audience) || isOwnOrigin(request, audience);
}

/**
 * The audience that a scope parameter asks for: of its words the one that ends in `/.default`,
 * without exactly that (an audience that ends in a slash is followed by two).
 */
export function audienceOfScope(scope: string): string | undefined {
  const word = scope.split(' ').find((part) => part.endsWith(DEFAULT_SCOPE));
  return word?.slice(0, -DEFAULT_SCOPE.length);
}

/**
 * Whether a client of the tenant may use the path's tenant: names other than ids stand for any
 * tenant.
 */
export function isTenantOf(tenant: string | undefined, tenantId: DirectoryTenantId): boolean {
  return tenant === undefined || !isGuid(tenant) || tenant.toLowerCase() === tenantId;
}
