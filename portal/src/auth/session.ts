import {
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  None,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import { now } from '../app/clock.ts';
import { discover } from './authority.ts';
import { renewTokens, revokeTokens, tokensOf } from './renewal.ts';
import type { Settings } from './settings.ts';
import { forget, keep, recall, type BegunSignIn } from './storage.ts';
import { isOwnSession } from './tab.ts';

/** Somebody who is signed in, or is about to be. */
export interface Session {
  /** The token for the next request, renewed where it is about to end. */
  readonly token: () => Promise<string>;
  /** Another token, since the present one was refused; goes to the sign-in page where there is none. */
  readonly renew: () => Promise<string>;
  /** Leaves for the sign-in page, and comes back to this address. */
  readonly signIn: () => Promise<never>;
  /** Ends the session here and at the authority. */
  readonly signOut: () => Promise<never>;
}

const HOME = '/portal/';
const CALLBACK = '/portal/callback';
/** Renewed this long before its end, so that no request carries one that ends on the way. */
const EARLY_MS = 60_000;
/** A sign-in that was refused again this soon would go round in circles. */
const TOO_SOON_MS = 20_000;

/**
 * Takes up the session of this tab. Coming back from the sign-in page it first finishes that.
 *
 * @returns undefined after signing out, or where the sign-in was refused; nobody is sent away unasked then
 */
export async function openSession(settings: Settings): Promise<Session | undefined> {
  const session = createSession(settings);
  if (!(await isOwnSession())) {
    // The other tab goes on with these; this one gets its own, for which nobody is asked anything.
    forget('tokens');
    forget('signedInAt');
  }
  if (location.pathname === CALLBACK) {
    const address = await finishSignIn(settings);
    history.replaceState(null, '', address);
    return session;
  }
  if (recall('signedOut') === true) return undefined;
  if (recall('tokens') === undefined) return session.signIn();
  return session;
}

/** Leaves for the sign-in page, from a page that needs nobody. */
export async function signInAnew(settings: Settings): Promise<never> {
  forget('signedOut');
  // Somebody asks for it: that is no circle.
  forget('signedInAt');
  return createSession(settings).signIn();
}

function createSession(settings: Settings): Session {
  let renewal: Promise<string> | undefined;
  const renew = async (): Promise<string> => {
    const tokens = recall('tokens');
    const next = tokens?.refresh === undefined ? undefined : await renewTokens(settings, tokens);
    if (next === undefined) return beginSignIn(settings);
    keep('tokens', next);
    return next.access;
  };
  const renewOnce = (): Promise<string> => {
    // Requests that are refused together wait for one renewal: a refresh token works once.
    renewal ??= renew().finally(() => (renewal = undefined));
    return renewal;
  };
  return {
    token: () => {
      const tokens = recall('tokens');
      const isFresh = tokens !== undefined && tokens.expiresAt - EARLY_MS > now();
      return isFresh ? Promise.resolve(tokens.access) : renewOnce();
    },
    renew: renewOnce,
    signIn: () => beginSignIn(settings),
    signOut: () => endSession(settings),
  };
}

async function beginSignIn(settings: Settings): Promise<never> {
  const signedInAt = recall('signedInAt');
  if (signedInAt !== undefined && now() - signedInAt < TOO_SOON_MS) {
    forget('signedInAt');
    forget('tokens');
    throw new Error('The server refuses the sign-in that it has just made.');
  }
  const begun: BegunSignIn = {
    state: generateRandomState(),
    nonce: generateRandomNonce(),
    verifier: generateRandomCodeVerifier(),
    address: location.pathname === CALLBACK ? HOME : location.href.slice(location.origin.length),
  };
  const { authorization_endpoint: endpoint } = await discover(settings);
  const target = new URL(endpoint ?? '');
  target.search = new URLSearchParams({
    client_id: settings.clientId,
    response_type: 'code',
    redirect_uri: redirectAddress(),
    scope: settings.scope,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  }).toString();
  keep('begun', begun);
  location.assign(target);
  return leaving();
}

/** @returns the address from which somebody went to sign in */
async function finishSignIn(settings: Settings): Promise<string> {
  const begun = recall('begun');
  forget('begun');
  if (begun === undefined) return HOME;
  const server = await discover(settings);
  const client = { client_id: settings.clientId };
  const parameters = validateAuthResponse(server, client, new URL(location.href), begun.state);
  const answer = await authorizationCodeGrantRequest(
    server,
    client,
    None(),
    parameters,
    redirectAddress(),
    begun.verifier,
  );
  const tokens = await processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: begun.nonce,
    requireIdToken: true,
  });
  keep('tokens', tokensOf(tokens));
  keep('signedInAt', now());
  forget('signedOut');
  return begun.address;
}

async function endSession(settings: Settings): Promise<never> {
  const tokens = recall('tokens');
  forget('tokens');
  keep('signedOut', true);
  if (tokens !== undefined) await revokeTokens(settings, tokens);
  const { end_session_endpoint: endpoint } = await discover(settings);
  if (endpoint === undefined) {
    location.assign(HOME);
    return leaving();
  }
  const target = new URL(endpoint);
  // No token as a hint of whose session it is: it would stay in the history of the browser.
  target.searchParams.set('client_id', settings.clientId);
  target.searchParams.set('post_logout_redirect_uri', `${location.origin}${HOME}`);
  location.assign(target);
  return leaving();
}

function redirectAddress(): string {
  return `${location.origin}${CALLBACK}`;
}

/** The page is about to go away: whoever waits for it waits until then. */
function leaving(): Promise<never> {
  return new Promise(() => undefined);
}
