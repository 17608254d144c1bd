import {
  None,
  processRefreshTokenResponse,
  processRevocationResponse,
  refreshTokenGrantRequest,
  ResponseBodyError,
  revocationRequest,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import { ApiError } from '../api/error.ts';
import { now } from '../app/clock.ts';
import { discover } from './authority.ts';
import type { Settings } from './settings.ts';
import type { Tokens } from './storage.ts';

/** Answers by which an authority says that a session is over; after any other it may go on. */
const OVER = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client']);
/** How often an authority that is too busy is asked again, and how long is waited where it does not say. */
const TRIES = 3;
const WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const MS_PER_SECOND = 1000;
/** Signing out does not wait for longer than this. */
const REVOCATION_MS = 3000;

type Wait = (milliseconds: number) => Promise<void>;

const sleep: Wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Other tokens for these. Waits where the authority is asked too often.
 *
 * @returns undefined where the session is over
 * @throws ApiError where there was no answer, or one that may be another in a moment
 */
export async function renewTokens(
  settings: Pick<Settings, 'issuer' | 'clientId'>,
  { refresh }: Tokens,
  wait: Wait = sleep,
): Promise<Tokens | undefined> {
  if (refresh === undefined) return undefined;
  const server = await discover(settings);
  const client = { client_id: settings.clientId };
  for (let tried = 1; ; tried++) {
    const answer = await refreshTokenGrantRequest(server, client, None(), refresh).catch(() => {
      throw new ApiError(0, { code: 'NoAnswer', message: 'The server does not answer.' });
    });
    if (answer.status === 429 && tried < TRIES) {
      await wait(waitOf(answer));
      continue;
    }
    try {
      return tokensOf(await processRefreshTokenResponse(server, client, answer), refresh);
    } catch (error) {
      if (error instanceof ResponseBodyError && OVER.has(error.error)) return undefined;
      const message = error instanceof Error ? error.message : 'The sign-in cannot be renewed.';
      throw new ApiError(answer.status, { code: 'RenewalFailed', message });
    }
  }
}

function waitOf(answer: Response): number {
  const seconds = /^\d+$/.exec(answer.headers.get('retry-after') ?? '')?.[0];
  const wanted = seconds === undefined ? WAIT_MS : Number.parseInt(seconds, 10) * MS_PER_SECOND;
  return Math.min(LONGEST_WAIT_MS, Math.max(WAIT_MS, wanted));
}

/** @param before the refresh token until now, which stays where the answer has no other */
export function tokensOf(answer: TokenEndpointResponse, before?: string): Tokens {
  return {
    access: answer.access_token,
    refresh: answer.refresh_token ?? before,
    expiresAt: now() + (answer.expires_in ?? 0) * MS_PER_SECOND,
  };
}

/**
 * Has the authority forget what was signed in with, so that a copy of it opens nothing. One that is not reached, or
 * does not do such a thing, keeps nobody from leaving.
 */
export async function revokeTokens(
  settings: Pick<Settings, 'issuer' | 'clientId'>,
  { refresh }: Tokens,
): Promise<void> {
  if (refresh === undefined) return;
  try {
    const server = await discover(settings);
    if (server.revocation_endpoint === undefined) return;
    const client = { client_id: settings.clientId };
    const answer = await revocationRequest(server, client, None(), refresh, {
      additionalParameters: { token_type_hint: 'refresh_token' },
      signal: AbortSignal.timeout(REVOCATION_MS),
    });
    await processRevocationResponse(answer);
  } catch {
    // The session here is over all the same, and the token ends by itself.
  }
}
