import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseClientId } from '../kernel/index.ts';
import { asStackmeterError, type Clock, type Queryable } from '../platform/index.ts';
import { findByKey, parseBasic } from './authenticate.ts';
import type { SigningKeys } from './keys.ts';
import {
  addressesOf,
  audienceOfScope,
  isOwnAudience,
  isPlain,
  isTenantOf,
  layouts,
  type LayoutParameters,
} from './layout.ts';
import { identityOperations } from './operations.ts';
import { findActiveClient, type ActiveClient } from './store.ts';
import { issueToken, TOKEN_SECONDS } from './token.ts';

const FORM = 'application/x-www-form-urlencoded';
const FORM_BYTES = 64 * 1024;

/** An error of the token endpoint, in the form of OAuth 2.0 section 5.2. */
class TokenError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

/** What the endpoint needs of the authority. */
export interface TokenEndpointOptions {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly keys: SigningKeys;
}

/** The token endpoints of all layouts; a scope of its own, since forms are read here only. */
export function tokenEndpoints(app: FastifyInstance, options: TokenEndpointOptions): void {
  app.addContentTypeParser(
    FORM,
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(body.toString())),
  );
  app.setErrorHandler(sendTokenError);
  for (const layout of layouts) {
    const { endpoints, prefix } = layout;
    const base = endpoints === '/oauth2' ? prefix + endpoints : endpoints;
    app.post<{ Params: LayoutParameters }>(
      `${base}/token`,
      { config: { operation: identityOperations.token } },
      async (request, reply) => {
        const client = await clientOf(request, options);
        if (!isPlain(request.params)) throw unknownClient();
        if (!isTenantOf(request.params.tenant, client.tenantId)) throw unknownClient();
        request.caller = client.clientId;
        const { issuer } = addressesOf(request, layout, request.params);
        const audience = audienceOf(request);
        const { clientId, tenantId } = client;
        const claims = { clientId, tenantId, issuer, audience };
        return reply.header('cache-control', 'no-store').send({
          token_type: 'Bearer',
          expires_in: TOKEN_SECONDS,
          ext_expires_in: TOKEN_SECONDS,
          access_token: await issueToken(options.keys, options.clock, claims),
        });
      },
    );
    // Named in discovery because clients insist on it; people do not sign in here.
    app.get(`${base}/authorize`, { config: { operation: identityOperations.authorize } }, () => {
      throw new TokenError(
        400,
        'unsupported_response_type',
        'Nobody signs in interactively here. Ask the token endpoint with client_credentials.',
      );
    });
  }
}

/** A field of the form. Unknown fields are ignored; one of ours may not come twice. */
function field(request: FastifyRequest, name: string): string | undefined {
  const form = request.body;
  if (!(form instanceof URLSearchParams)) {
    throw new TokenError(400, 'invalid_request', `Send a form as ${FORM}.`);
  }
  const values = form.getAll(name);
  if (values.length > 1) {
    throw new TokenError(400, 'invalid_request', `The field ${name} may be given once only.`);
  }
  return values[0] === '' ? undefined : values[0];
}

async function clientOf(
  request: FastifyRequest,
  { db }: TokenEndpointOptions,
): Promise<ActiveClient> {
  const grant = field(request, 'grant_type');
  if (grant === undefined) throw new TokenError(400, 'invalid_request', 'grant_type is missing.');
  if (grant !== 'client_credentials') {
    const message = 'This authority grants tokens for client_credentials only.';
    throw new TokenError(400, 'unsupported_grant_type', message);
  }
  const client = await findByKey((id) => findActiveClient(db, id), credentialsOf(request));
  if (client === undefined) throw unknownClient();
  return client;
}

function credentialsOf(request: FastifyRequest): { readonly id: string; readonly secret: string } {
  const { authorization } = request.headers;
  const basic = authorization === undefined ? undefined : parseBasic(authorization);
  const id = field(request, 'client_id');
  const secret = field(request, 'client_secret');
  if (basic !== undefined) {
    if (secret !== undefined || (id !== undefined && id !== basic.id)) {
      const message = 'Send the credentials once: in the form or in the Authorization header.';
      throw new TokenError(400, 'invalid_request', message);
    }
    return basic;
  }
  if (id === undefined || secret === undefined) {
    const message = 'Send client_id and client_secret in the form, or both in a Basic header.';
    throw new TokenError(400, 'invalid_request', message);
  }
  return { id: parseClientId(id) ?? id, secret };
}

/** One answer for an unknown or disabled client, one of another tenant, and a wrong secret. */
function unknownClient(): TokenError {
  const message = 'The client is not known in this tenant, is disabled, or its secret is wrong.';
  return new TokenError(401, 'invalid_client', message);
}

function audienceOf(request: FastifyRequest): string {
  const scope = field(request, 'scope');
  const fromScope = scope === undefined ? undefined : audienceOfScope(scope);
  const audience = fromScope ?? field(request, 'resource');
  if (audience === undefined) {
    const message = 'Send scope=<address of this service>/.default, or resource=<address>.';
    throw new TokenError(400, 'invalid_scope', message);
  }
  if (isOwnAudience(request, audience)) return audience;
  throw new TokenError(
    400,
    fromScope === undefined ? 'invalid_target' : 'invalid_scope',
    `No tokens are issued here for '${audience.slice(0, 200)}'; /metadata/endpoints has the audience.`,
  );
}

function sendTokenError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known =
    error instanceof TokenError ? error : fromStackmeterError(asStackmeterError(error, request));
  if (known.status === 401) void reply.header('www-authenticate', 'Basic realm="stackmeter"');
  if (known.status >= 500) request.log.error({ err: error }, known.message);
  void reply
    .code(known.status)
    .header('cache-control', 'no-store')
    .send({ error: known.code, error_description: known.message, correlation_id: request.id });
}

function fromStackmeterError(error: {
  readonly status: number;
  readonly message: string;
}): TokenError {
  const { status, message } = error;
  if (status === 503) return new TokenError(503, 'temporarily_unavailable', message);
  return new TokenError(status, status >= 500 ? 'server_error' : 'invalid_request', message);
}
