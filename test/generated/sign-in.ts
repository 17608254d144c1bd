import type { SeededRandom } from '../crash/random.ts';
import { LEFT_OUT, type Hint } from './from-schema.ts';
import type { World } from './knowledge.ts';

/** The example of RFC 7636. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeGK1t8URWXuHzQzS0Ps';

/** The person whom the stamp knows. */
export const PERSON = {
  name: 'Somebody',
  userName: 'somebody@generated.example',
  password: 'one for generated requests only',
};

/** Fields of the authority's pages, which the document does not describe. */
export const PAGE_FIELDS = ['user_name', 'password', 'user_code', 'confirm', 'logout', 'xsrf'];

/** What each grant is asked for with, beside the id of the client. */
const GRANTS = {
  client_credentials: ['client_secret', 'scope', 'resource'],
  authorization_code: ['code', 'redirect_uri', 'code_verifier', 'scope'],
  refresh_token: ['refresh_token', 'scope'],
  'urn:ietf:params:oauth:grant-type:device_code': ['device_code'],
} as const;

/** Fields that most grants do without, and refuse. */
const OF_SOME_GRANTS = new Set([
  ...Object.values(GRANTS).flat(),
  'client_assertion',
  'client_assertion_type',
]);

/** What the authority is asked with: tokens for clients, and the steps of a person's sign-in. */
export function signInHints(
  random: SeededRandom,
  { knowledge, base }: World,
  family: string,
): Record<string, Hint> {
  const known = (kind: string): string | undefined => knowledge.pick(random, kind);
  const [id = '', secret = ''] = (known('clientKey') ?? '').split(' ');
  const grant = random.pick(Object.keys(GRANTS) as (keyof typeof GRANTS)[]);
  const isClient = family === 'getToken' && grant === 'client_credentials';
  const scopes = [`${base}/.default`, `openid profile offline_access ${base}/.default`];
  const hints: Record<string, Hint> = {
    grant_type: () => grant,
    client_id: () => (isClient ? id : known('publicClient')),
    client_secret: () => secret,
    scope: () => random.pick(isClient ? scopes : [...scopes, 'openid profile offline_access']),
    redirect_uri: () => 'http://localhost:8400',
    response_type: () => 'code',
    code: () => known('code'),
    code_challenge: () => CHALLENGE,
    code_challenge_method: () => 'S256',
    code_verifier: () => VERIFIER,
    device_code: () => known('device_code'),
    user_code: () => known('user_code'),
    refresh_token: () => known('refresh_token'),
    resource: () => base,
    user_name: () => PERSON.userName,
    password: () => PERSON.password,
    ui_locales: () => random.pick(['en', 'fr']),
    prompt: () => random.pick(['login', 'select_account', 'none', '']),
  };
  if (family !== 'getToken') return hints;
  const wanted = new Set<string>(GRANTS[grant]);
  const others = [...OF_SOME_GRANTS].filter((name) => !wanted.has(name));
  return { ...hints, ...Object.fromEntries(others.map((name) => [name, () => LEFT_OUT])) };
}
