import type { FastifyReply, FastifyRequest } from 'fastify';
import { OIDCProviderError } from 'oidc-provider/lib/helpers/errors.js';
import { asStackmeterError } from '../../platform/index.ts';

/** An error of the authority, in the form of OAuth 2.0 section 5.2. */
export class OAuthError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

/** One text for all of them: whoever guesses learns nothing from it. */
export const UNKNOWN_CLIENT =
  'The client is not known in this tenant, is disabled, or its secret is wrong or has expired.';

/** One answer for an unknown tenant, an unknown client and a wrong secret. */
export function unknownClient(): OAuthError {
  return new OAuthError(401, 'invalid_client', UNKNOWN_CLIENT);
}

/** Too many were begun from one address: each is kept on record until it ends. */
export function tooManySignIns(seconds: number): OAuthError {
  const message = `Too many sign-ins were begun from this address; try again in ${seconds} seconds.`;
  return new OAuthError(429, 'temporarily_unavailable', message);
}

/** Any failure in the form of OAuth; what is not one becomes one that tells nothing of its cause. */
export function asOAuthError(error: unknown, request: FastifyRequest): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof OIDCProviderError && error.expose) {
    return new OAuthError(error.statusCode, error.error, error.error_description ?? error.error);
  }
  const { status, message } = asStackmeterError(error, request);
  if (status === 503) return new OAuthError(503, 'temporarily_unavailable', message);
  return new OAuthError(status, status >= 500 ? 'server_error' : 'invalid_request', message);
}

/** Answers with an error, and logs the cause of one that is ours. */
export function sendOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, message } = asOAuthError(error, request);
  if (status >= 500) request.log.error({ err: error }, message);
  void reply
    .code(status)
    .header('cache-control', 'no-store')
    .send({ error: code, error_description: message, correlation_id: request.id });
}
