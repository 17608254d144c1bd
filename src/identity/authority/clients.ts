import { randomBytes } from 'node:crypto';
import type { ClientMetadata, JWK } from 'oidc-provider';
import { isJsonObject } from '../../kernel/index.ts';
import type { ActiveClient } from '../client-store.ts';
import { DEVICE_GRANT } from './parameters.ts';

/** The id under which the Azure CLI and the Azure SDKs sign people in. */
export const AZURE_CLI_CLIENT = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
/** The id under which our own portal signs people in. */
export const PORTAL_CLIENT = '7c2b86a4-15a8-4e0a-9d3c-6f0e5b1d2a90';

/** Tells a client's own properties apart from those of the standards. */
export const CLIENT_PROPERTIES = ['tenant_id', 'secret_hashes'] as const;
/** The library wants a secret where there are only hashes of several; it opens nothing. */
const NO_SECRET = randomBytes(32).toString('base64url');

/**
 * The clients that everybody has. They keep no secret, so that PKCE or a device code protects each
 * sign-in; being our own or the user's own tools they ask for no consent.
 *
 * @param origin under which the portal is reached
 */
export function builtInClients(origin: string): readonly ClientMetadata[] {
  const common = {
    token_endpoint_auth_method: 'none',
    response_types: ['code'],
    // Answers by an automatic form need a script in the page.
    response_modes: ['query', 'fragment'],
  } as const;
  return [
    {
      ...common,
      client_id: AZURE_CLI_CLIENT,
      client_name: 'Azure CLI',
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
      // Any port will do: native clients listen on one that is free.
      redirect_uris: ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
        `http://${host}`,
        `http://${host}/`,
      ]),
    },
    {
      ...common,
      client_id: PORTAL_CLIENT,
      client_name: 'Stackmeter',
      application_type: 'web',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [`${origin}/portal/`, `${origin}/portal/callback`],
      post_logout_redirect_uris: [`${origin}/portal/`],
    },
  ];
}

/**
 * A stored client as the library sees it.
 *
 * @param byAssertion whether it shows an assertion signed with the key of a certificate; it may have
 * secrets as well, where the library knows one way for each client
 */
export function clientMetadata(client: ActiveClient, byAssertion: boolean): ClientMetadata {
  return {
    client_id: client.principalId,
    client_name: client.name,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    tenant_id: client.tenantId,
    ...(byAssertion
      ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: publicKeysOf(client) } }
      : {
          token_endpoint_auth_method: 'client_secret_post',
          client_secret: NO_SECRET,
          secret_hashes: client.secretHashes.map((hash) => hash.toString('base64url')),
        }),
  };
}

/** Only what verifies: an `alg` or `kid` in a key would refuse clients that name another or none. */
function publicKeysOf({ publicJwks }: ActiveClient): JWK[] {
  return publicJwks.flatMap((text): JWK[] => {
    const jwk: unknown = JSON.parse(text);
    if (!isJsonObject(jwk)) return [];
    const { kty, n, e, crv, x, y } = jwk;
    if (kty === 'RSA' && typeof n === 'string' && typeof e === 'string') return [{ kty, n, e }];
    const isCurve = typeof crv === 'string' && typeof x === 'string' && typeof y === 'string';
    return kty === 'EC' && isCurve ? [{ kty, crv, x, y }] : [];
  });
}
