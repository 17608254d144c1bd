import { named, type Operation, type Schema } from '../platform/index.ts';

const json = (schema: Schema): { readonly 'application/json': Schema } => ({
  'application/json': schema,
});

const address = { type: 'string', format: 'uri' };

const tokenError = named('TokenError', {
  type: 'object',
  description: 'Errors of the authority have the form of OAuth 2.0, not that of the interfaces.',
  required: ['error', 'error_description'],
  properties: {
    error: { type: 'string' },
    error_description: { type: 'string' },
    correlation_id: { type: 'string' },
  },
});

const REFUSED = { description: 'Why not.', contents: json(tokenError) };

/** What the authority and the discovery of the stamp tell of themselves. */
export const identityOperations = {
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
  endpoints: {
    id: 'getEndpoints',
    tag: 'identity',
    summary: 'Where to sign in, and for which audience',
    access: 'public',
    parameters: [
      {
        name: 'api-version',
        in: 'query',
        required: true,
        description: 'Either of them.',
        schema: { enum: ['2015-01-01', '1.0'] },
      },
    ],
    answers: {
      200: {
        description: 'The endpoints of the stamp.',
        contents: json({
          type: 'object',
          properties: {
            galleryEndpoint: address,
            graphEndpoint: address,
            portalEndpoint: address,
            authentication: {
              type: 'object',
              properties: { loginEndpoint: address, audiences: { type: 'array', items: address } },
            },
          },
        }),
      },
    },
    errors: ['MissingApiVersionParameter', 'InvalidApiVersionParameter'],
  },
  token: {
    id: 'getToken',
    tag: 'identity',
    summary: 'Gives a client an access token',
    description: 'Client id and secret in the form, or in a Basic header.',
    access: 'public',
    body: {
      required: true,
      contents: {
        'application/x-www-form-urlencoded': {
          type: 'object',
          required: ['grant_type'],
          properties: {
            grant_type: { const: 'client_credentials' },
            client_id: { type: 'string', format: 'uuid' },
            client_secret: { type: 'string' },
            scope: { type: 'string', description: 'The audience, followed by /.default.' },
            resource: { type: 'string', description: 'The audience, in place of scope.' },
          },
        },
      },
    },
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
            access_token: { type: 'string' },
          },
        }),
      },
      400: REFUSED,
      401: REFUSED,
      413: REFUSED,
      415: REFUSED,
      500: REFUSED,
      503: REFUSED,
    },
  },
  authorize: {
    id: 'authorize',
    tag: 'identity',
    summary: 'Nobody signs in interactively; named because clients insist on it',
    access: 'public',
    answers: { 400: REFUSED, 500: REFUSED, 503: REFUSED },
  },
} as const satisfies Readonly<Record<string, Operation>>;
