import type { FastifyRequest } from 'fastify';
import { StackmeterError } from '../../kernel/index.ts';
import type { Authenticate, Principal } from '../../identity/index.ts';

const BASIC = 'Basic realm="Stackmeter", charset="UTF-8"';

/**
 * Who reads the feed: by token, or by client id and secret as user name and password. Programs that read tables send a
 * password only when they were asked for one, so that a refusal asks.
 *
 * @throws AuthenticationFailed, InvalidAuthenticationToken
 */
export async function callerOf(
  authenticate: Authenticate,
  request: FastifyRequest,
): Promise<Principal> {
  try {
    return await authenticate(request, { clientKeys: true });
  } catch (error) {
    const asked = error instanceof StackmeterError ? error.headers['www-authenticate'] : undefined;
    if (!(error instanceof StackmeterError) || asked === undefined) throw error;
    const headers = { ...error.headers, 'www-authenticate': `${asked}, ${BASIC}` };
    throw new StackmeterError(error.code, error.message, { headers, cause: error });
  }
}
