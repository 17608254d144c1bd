import {
  json,
  named,
  type Operation,
  type OperationAnswer,
  type Schema,
} from '../../platform/index.ts';

const form = (required: readonly string[], properties: Record<string, Schema>) => ({
  required: true,
  contents: { 'application/x-www-form-urlencoded': { type: 'object', required, properties } },
});
const text = { type: 'string' };
const address = { type: 'string', format: 'uri' };

const tokenError = named('TokenError', {
  type: 'object',
  description: 'Errors of the authority have the form of OAuth 2.0, not that of the interfaces.',
  required: ['error', 'error_description'],
  properties: { error: text, error_description: text, correlation_id: text },
});

const REFUSED: OperationAnswer = { description: 'Why not.', contents: json(tokenError) };
const REFUSALS = {
  400: REFUSED,
  401: REFUSED,
  413: REFUSED,
  415: REFUSED,
  500: REFUSED,
  503: REFUSED,
};
const PAGE: OperationAnswer = { description: 'A page.', contents: { 'text/html': text } };
const NO_PAGE: OperationAnswer = {
  description: 'Why not: a page for whoever takes HTML.',
  contents: { 'text/html': text, ...json(tokenError) },
};
const ONWARD: OperationAnswer = { description: 'The next page, or back to the client.' };
/** Steps that a browser takes; their addresses are nobody's but the pages' own. */
const step = (id: string, summary: string): Operation => ({
  id,
  tag: 'identity',
  summary,
  access: 'public',
  answers: {
    200: PAGE,
    303: ONWARD,
    400: NO_PAGE,
    401: NO_PAGE,
    404: NO_PAGE,
    413: NO_PAGE,
    415: NO_PAGE,
    429: PAGE,
  },
});

/** A step whose path names what the browser has begun, which is the value of its cookie too. */
const secret = (operation: Operation): Operation => ({ ...operation, secretPath: true });

/** What the authority tells of itself. */
export const authorityOperations = {
  discovery: {
    id: 'getOpenidConfiguration',
    tag: 'identity',
    summary: 'Where the parts of the authority are',
    access: 'public',
    answers: {
      200: {
        description: 'An OpenID Connect discovery document.',
        contents: json({
          type: 'object',
          properties: {
            issuer: address,
            authorization_endpoint: address,
            token_endpoint: address,
            device_authorization_endpoint: address,
            end_session_endpoint: address,
            revocation_endpoint: address,
            userinfo_endpoint: address,
            jwks_uri: address,
          },
        }),
      },
    },
    errors: ['NotFound'],
  },
  keys: {
    id: 'getSigningKeys',
    tag: 'identity',
    summary: 'The keys with which tokens are signed',
    access: 'public',
    answers: { 200: { description: 'A JSON Web Key Set.', contents: json({ type: 'object' }) } },
  },
  token: {
    id: 'getToken',
    tag: 'identity',
    summary: 'Gives out tokens',
    description:
      'To clients for themselves (client_credentials: a secret in the form or a Basic header, or an assertion signed ' +
      'with the key of a certificate), and to clients in the name of a person who signed in.',
    access: 'public',
    body: form(['grant_type'], {
      grant_type: {
        enum: [
          'client_credentials',
          'authorization_code',
          'refresh_token',
          'urn:ietf:params:oauth:grant-type:device_code',
        ],
      },
      client_id: { type: 'string', format: 'uuid' },
      client_secret: text,
      client_assertion_type: { const: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' },
      client_assertion: { type: 'string', description: 'RS256, PS256 or ES256.' },
      scope: { type: 'string', description: 'The audience, followed by /.default.' },
      resource: { type: 'string', description: 'The audience, in place of scope.' },
      code: text,
      code_verifier: text,
      redirect_uri: address,
      device_code: text,
      refresh_token: text,
    }),
    answers: {
      200: {
        description: 'A token for one hour.',
        contents: json({
          type: 'object',
          required: ['token_type', 'expires_in', 'access_token'],
          properties: {
            token_type: { const: 'Bearer' },
            expires_in: { type: 'integer', description: 'Seconds.' },
            ext_expires_in: { type: 'integer' },
            access_token: text,
            refresh_token: text,
            id_token: text,
            client_info: {
              type: 'string',
              description: 'Who signed in: {"uid","utid"} in base64url.',
            },
          },
        }),
      },
      ...REFUSALS,
    },
  },
  deviceCode: {
    id: 'getDeviceCode',
    tag: 'identity',
    summary: 'Begins a sign-in that a person ends in a browser elsewhere',
    access: 'public',
    body: form(['client_id'], {
      client_id: { type: 'string', format: 'uuid' },
      scope: { type: 'string', description: 'The audience, followed by /.default; openid ...' },
    }),
    answers: {
      200: {
        description: 'What to tell the person, and the code to ask the token endpoint with.',
        contents: json({
          type: 'object',
          required: ['user_code', 'device_code', 'verification_uri', 'expires_in', 'message'],
          properties: {
            user_code: text,
            device_code: text,
            verification_uri: address,
            verification_uri_complete: address,
            expires_in: { type: 'integer', description: 'Seconds.' },
            interval: { type: 'integer', description: 'Seconds between two questions.' },
            message: text,
          },
        }),
      },
      ...REFUSALS,
      429: {
        description: 'Too many sign-ins were begun from this address.',
        contents: json(tokenError),
      },
    },
  },
  authorize: {
    ...step('authorize', 'Begins a sign-in in a browser'),
    description: 'Authorization code with PKCE (S256) only.',
    parameters: [
      ['client_id', 'A client that people sign in to.'],
      [
        'redirect_uri',
        'Where the browser is sent in the end; any port of this machine for native clients.',
      ],
      ['response_type', 'code'],
      ['scope', 'The audience, followed by /.default, and openid, profile, offline_access.'],
      ['state', 'Given back.'],
      ['code_challenge', 'SHA-256 of the verifier.'],
      ['code_challenge_method', 'S256'],
      ['prompt', 'login and select_account ask for the password again, none asks nothing.'],
      ['ui_locales', 'en or fr.'],
    ].map(([name = '', description = '']) => ({
      name,
      in: 'query' as const,
      description,
      schema: text,
    })),
  },
  resume: secret(step('resumeAuthorize', 'Goes on after the sign-in')),
  device: step('showDeviceForm', 'Asks for the code that a device shows'),
  sendDevice: step('sendDeviceForm', 'Takes the code that a device shows'),
  resumeDevice: secret(step('resumeDevice', 'Goes on after the sign-in')),
  signIn: secret(step('showSignIn', 'Asks for user name and password')),
  sendSignIn: secret(step('sendSignIn', 'Takes user name and password')),
  signOut: step('showSignOut', 'Asks whether to sign out'),
  sendSignOut: step('sendSignOut', 'Signs out'),
  signedOut: step('showSignedOut', 'Tells that the browser is signed out'),
  revoke: {
    id: 'revokeToken',
    tag: 'identity',
    summary: 'Ends a refresh token, and what was signed in with it',
    description: 'RFC 7009. A token that is not known is answered in the same way.',
    access: 'public',
    body: form(['token', 'client_id'], {
      token: text,
      token_type_hint: { enum: ['refresh_token', 'access_token'] },
      client_id: { type: 'string', format: 'uuid' },
      client_secret: text,
    }),
    answers: { 200: { description: 'It opens nothing any more.' }, ...REFUSALS },
  },
  userInfo: {
    id: 'getUserInfo',
    tag: 'identity',
    summary: 'Who signed in, for a token that was asked for without an audience',
    access: 'public',
    answers: {
      200: { description: 'Claims of the person.', contents: json({ type: 'object' }) },
      ...REFUSALS,
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;
