import type { FastifyRequest } from 'fastify';
import { parsePrincipalId } from '../../kernel/index.ts';
import { OAuthError } from './oauth-error.ts';
import { audiencesOf, isOwnAudience } from './layout.ts';

const DEFAULT_SCOPE = '/.default';
/** The one permission that people give to a client: to act for them. */
export const ACT_FOR_USER = 'user_impersonation';
export const IDENTITY_SCOPES = ['openid', 'offline_access', 'profile', 'email'] as const;

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const CLIENT_FIELDS = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];
const TOKEN_FIELDS = ['grant_type', 'code', 'code_verifier', 'redirect_uri', 'refresh_token'];
const AUTHORIZE_FIELDS = [
  // Clients in whose name people sign in have no secret.
  'client_id',
  'response_type',
  'response_mode',
  'redirect_uri',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'login_hint',
  'max_age',
  'ui_locales',
  'id_token_hint',
];

/** What a scope parameter asks for. */
interface AskedScope {
  /** Of its words the one that ends in `/.default`, without exactly that. */
  readonly audience: string | undefined;
  readonly identity: readonly string[];
}

/** An audience that ends in a slash is followed by two: `https://host//.default`. */
function parseScope(scope: string): AskedScope {
  const words = scope.split(/ +/);
  const named = words.find((word) => word.endsWith(DEFAULT_SCOPE));
  const known: readonly string[] = IDENTITY_SCOPES;
  return {
    audience: named?.slice(0, -DEFAULT_SCOPE.length),
    identity: words.filter((word) => known.includes(word)),
  };
}

/** AD FS's own way to ask for an audience; empty means absent. */
function resourceOf(form: URLSearchParams): string | undefined {
  const resource = form.get('resource') ?? '';
  return resource === '' ? undefined : resource;
}

const LONGEST_PARAMETER = 2_048;
/** Holds a whole chain of certificates, and is not kept. */
const ASSERTION = 'client_assertion';

/**
 * What a form or query of a sign-in holds is kept on record until it ends, before anybody has said who
 * they are.
 *
 * @throws OAuthError for a text that is longer than any that is needed, or that no database can keep
 */
export function checkParameters(parameters: URLSearchParams): URLSearchParams {
  for (const [name, value] of parameters) {
    if (value.length > LONGEST_PARAMETER && name !== ASSERTION) {
      const message = `${name.slice(0, 100)} has more than ${LONGEST_PARAMETER} characters.`;
      throw new OAuthError(400, 'invalid_request', message);
    }
    if (hasNul(name) || hasNul(value)) throw nulInForm();
  }
  return parameters;
}

/** Whether the text has the character U+0000, at which the database fails. */
export function hasNul(text: string): boolean {
  return text.includes('\0');
}

export function nulInForm(): OAuthError {
  return new OAuthError(400, 'invalid_request', 'There is a character U+0000 in it.');
}

/** Keeps the fields named, as often as they came: the library refuses what came twice. */
function keep(from: URLSearchParams, fields: readonly string[]): URLSearchParams {
  return new URLSearchParams([...from].filter(([name]) => fields.includes(name)));
}

/** Some clients write their id in capitals. */
function clientIdInLowerCase(form: URLSearchParams): void {
  const [id, ...others] = form.getAll('client_id');
  if (id !== undefined && others.length === 0) form.set('client_id', parsePrincipalId(id) ?? id);
}

function refuseAudience(code: 'invalid_scope' | 'invalid_target', audience: string): OAuthError {
  const what = audience.slice(0, 200);
  return new OAuthError(
    400,
    code,
    `No tokens are issued here for '${what}'; /metadata/endpoints has the audience.`,
  );
}

/** A form for the revocation endpoint: which token, and whose. */
export function revocationForm(form: URLSearchParams): URLSearchParams {
  const kept = keep(checkParameters(form), [...CLIENT_FIELDS, 'token', 'token_type_hint']);
  clientIdInLowerCase(kept);
  return kept;
}

/**
 * A form for the token endpoint as the library reads it: the audience of `scope` or of AD FS's own
 * `resource` becomes a resource indicator (RFC 8707). Fields that nobody here knows are left out,
 * among them `claims` and `client_info`.
 *
 * @throws OAuthError for an audience that is not ours, when a client asks for none, and for a text that
 * is too long
 */
export function tokenForm(request: FastifyRequest, form: URLSearchParams): URLSearchParams {
  const translated = keep(form, [...CLIENT_FIELDS, ...TOKEN_FIELDS]);
  clientIdInLowerCase(translated);
  const grant = form.get('grant_type') ?? '';
  if (grant === 'device_code' || grant.endsWith(':device_code')) {
    // MSAL for Node still sends the short name, which an early draft had.
    translated.set('grant_type', DEVICE_GRANT);
    // Some clients send it under both names, the older ones under the second only.
    const code = form.get('device_code') ?? form.get('code');
    if (code !== null) translated.set('device_code', code);
    translated.delete('code');
  }
  const fromScope = parseScope(form.get('scope') ?? '').audience;
  const audience = fromScope ?? resourceOf(form);
  if (audience !== undefined) {
    if (!isOwnAudience(request, audience)) {
      throw refuseAudience(fromScope === undefined ? 'invalid_target' : 'invalid_scope', audience);
    }
    translated.set('resource', audience);
  } else if (grant === 'client_credentials') {
    const message = 'Send scope=<address of this service>/.default, or resource=<address>.';
    throw new OAuthError(400, 'invalid_scope', message);
  }
  return checkParameters(translated);
}

/**
 * What asks for a person's sign-in, as the library reads it: the query of `authorize` or the form of
 * `devicecode`. Whoever signs in may later have tokens for each audience that is ours, as at the
 * original: the one asked for comes first and is the default.
 *
 * @param origin under which the caller knows us
 * @throws OAuthError for a text that is too long
 */
export function signInParameters(
  request: FastifyRequest,
  asked: URLSearchParams,
  origin: string,
): URLSearchParams {
  const translated = keep(asked, AUTHORIZE_FIELDS);
  clientIdInLowerCase(translated);
  const { audience = resourceOf(asked), identity } = parseScope(asked.get('scope') ?? '');
  const scope = audience === undefined ? identity : [...identity, ACT_FOR_USER];
  if (scope.length > 0) translated.set('scope', scope.join(' '));
  if (audience !== undefined) {
    const others = isOwnAudience(request, audience) ? audiencesOf(origin) : [];
    for (const each of new Set([audience, ...others])) translated.append('resource', each);
  }
  const prompt = promptFor(asked.get('prompt') ?? '', identity);
  if (prompt !== '') translated.set('prompt', prompt);
  return checkParameters(translated);
}

function promptFor(asked: string, scopes: readonly string[]): string {
  const words = new Set(
    asked.split(' ').map((word) => (word === 'select_account' ? 'login' : word)),
  );
  words.delete('');
  // OpenID Connect wants consent for offline access; clients that are our own have it beforehand.
  if (scopes.includes('offline_access') && !words.has('none')) words.add('consent');
  return [...words].join(' ');
}
