import assert from 'node:assert/strict';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { OpenIdServer } from '../../../test/support/openid-server.ts';
import { fail, parseDirectoryTenantId, type DirectoryTenantId } from '../../kernel/index.ts';
import {
  buildApp,
  fixedClock,
  isOwnOrigin,
  silentLog,
  type FixedClock,
  type Log,
} from '../../platform/index.ts';
import type { TrustedIssuer } from './configuration.ts';
import { createTrustedIssuers, type TrustedIssuers } from './trusted-issuers.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00Z');
export const NOW = START.epochMilliseconds / 1_000;
export const ORIGIN = 'https://localhost:9443';
export const SUBJECT = '0a0a0a0a-0000-4000-8000-00000000000a';

function tenant(text: string): DirectoryTenantId {
  const id = parseDirectoryTenantId(text);
  if (id === undefined) throw new TypeError(`${text} is no GUID.`);
  return id;
}
export const TENANT_A = tenant('dddddddd-0000-4000-8000-00000000000a');
export const TENANT_B = tenant('dddddddd-0000-4000-8000-00000000000b');

export const GOOD = {
  iat: NOW,
  nbf: NOW,
  exp: NOW + 600,
  aud: ORIGIN,
  sub: SUBJECT,
  tid: TENANT_A,
  upn: 'anna@a.example',
};

/** An entry of the configuration for that server. */
export function trust(
  { issuer, ca }: OpenIdServer,
  name: string,
  more: Partial<TrustedIssuer>,
): TrustedIssuer {
  return {
    name,
    issuer,
    discoveryUri: `${issuer}/.well-known/openid-configuration`,
    jwksUri: undefined,
    ca,
    audiences: [],
    algorithms: ['RS256', 'PS256', 'ES256'],
    claims: { principal: 'sub', tenant: 'tid', name: ['upn', 'preferred_username', 'azp'] },
    tenants: [{ value: TENANT_A, tenantId: TENANT_A }],
    ...more,
  };
}

/** A service with one protected address. */
export interface TestService {
  readonly app: FastifyInstance;
  readonly clock: FixedClock;
  readonly trusted: TrustedIssuers;
  readonly ask: (token: string) => Promise<LightMyRequestResponse>;
  /** Asks with a token that has to be refused for this reason. */
  readonly refused: (token: string, reason: string) => Promise<void>;
}

/** A service that trusts the issuers. */
export function serviceOf(issuers: readonly TrustedIssuer[], log: Log = silentLog): TestService {
  const clock = fixedClock(START);
  const app = buildApp({ log, clock });
  const trusted = createTrustedIssuers({
    issuers,
    clock,
    log,
    isOwnAudience: isOwnOrigin,
  });
  app.get('/protected', async (request) => {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const checked = await trusted.checkToken(request, token);
    if (typeof checked === 'string') throw fail('InvalidAuthenticationToken', { reason: checked });
    return checked;
  });
  const ask = (token: string) =>
    app.inject({
      url: '/protected',
      headers: { host: 'localhost:9443', authorization: `Bearer ${token}` },
    });
  const refused = async (token: string, reason: string): Promise<void> => {
    const answer = await ask(token);
    assert.deepEqual(
      [answer.statusCode, answer.json<{ error: { message: string } }>().error.message],
      [401, `The access token is not valid: ${reason}.`],
    );
  };
  return { app, clock, trusted, ask, refused };
}
