import type { FastifyInstance } from 'fastify';
import { fail } from '../kernel/index.ts';
import { originOf, pathOf, queryParameters } from '../platform/index.ts';
import { ALGORITHM } from './keys.ts';
import { addressesOf, isPlain, layouts, loginEndpoint, type LayoutParameters } from './layout.ts';
import { identityOperations } from './operations.ts';
import { tokenEndpoints, type TokenEndpointOptions } from './token-endpoint.ts';

/** Newest first. */
const METADATA_VERSIONS = ['2015-01-01', '1.0'];

/** What the built-in authority and the discovery of the stamp answer, all of it without a token. */
export function identityRoutes(app: FastifyInstance, options: TokenEndpointOptions): void {
  for (const layout of layouts) {
    app.get<{ Params: LayoutParameters }>(
      `${layout.prefix}/.well-known/openid-configuration`,
      { config: { operation: identityOperations.discovery } },
      (request) => {
        if (!isPlain(request.params)) throw fail('NotFound', { path: pathOf(request) });
        const addresses = addressesOf(request, layout, request.params);
        return {
          issuer: addresses.issuer,
          authorization_endpoint: addresses.authorizationEndpoint,
          token_endpoint: addresses.tokenEndpoint,
          jwks_uri: addresses.jwksUri,
          grant_types_supported: ['client_credentials'],
          token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
          response_types_supported: ['token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: [ALGORITHM],
          claims_supported: ['iss', 'aud', 'sub', 'oid', 'appid', 'tid', 'iat', 'nbf', 'exp'],
        };
      },
    );
  }
  app.get('/adfs/discovery/keys', { config: { operation: identityOperations.keys } }, () => ({
    keys: options.keys.published,
  }));
  app.get(
    '/metadata/endpoints',
    { config: { operation: identityOperations.endpoints } },
    (request) => {
      const version = queryParameters(request).get('api-version');
      if (version === undefined) throw fail('MissingApiVersionParameter');
      if (!METADATA_VERSIONS.includes(version)) {
        const supported = METADATA_VERSIONS.join(',');
        throw fail('InvalidApiVersionParameter', { version, supported });
      }
      const origin = originOf(request);
      return {
        galleryEndpoint: `${origin}/`,
        graphEndpoint: `${origin}/`,
        portalEndpoint: `${origin}/`,
        authentication: { loginEndpoint: loginEndpoint(request), audiences: [origin] },
      };
    },
  );
  void app.register((scope, _none, done) => {
    tokenEndpoints(scope, options);
    done();
  });
}
