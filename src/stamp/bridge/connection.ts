import { Agent } from 'node:https';
import { fail } from '../../kernel/index.ts';
import { SYSTEM, appendAudit } from '../../audit/index.ts';
import {
  callHttps,
  readRetryAfter,
  type Call,
  type CallAnswer,
  type Database,
} from '../../platform/index.ts';
import type { Activation } from './activation.ts';
import { TARGET, WRITE, type BridgeTools } from './activating.ts';
import { activateKey, listUsableKeys } from './key-store.ts';
import { signIn, type Token } from './sign-in.ts';
import { findActivation } from './store.ts';
import {
  LONGEST_WAIT_MS,
  nonsense,
  parseJson,
  toStackmeterError,
  Trouble,
  troubleOfAnswer,
} from './trouble.ts';

/** A call to commerce below its address. */
export interface CommerceCall {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Begins with a slash. */
  readonly path: string;
  readonly body?: string | Buffer;
  /** `zstd` when the body was compressed. */
  readonly encoding?: 'zstd';
  readonly signal?: AbortSignal | undefined;
  /** Bytes that the answer may have. */
  readonly maxBytes?: number;
}

/** What is kept from call to call. */
interface Session {
  readonly agent: Agent;
  /** One sign-in at a time; undefined before the first and after a token was refused. */
  token: Promise<Token> | undefined;
}

/** The way to commerce under one activation. */
export interface Connection {
  readonly activation: Activation;
  readonly tools: BridgeTools;
  readonly session: Session;
  /** Milliseconds that a call may take. */
  readonly timeoutMs: number;
}

const TIMEOUT_MS = 60_000;
const MOST_BYTES = 4 * 2 ** 20;
const MOST_BYTES_FETCHED = 256 * 2 ** 20;
const MOST_SOCKETS = 8;

/** By database: all who report or ask from this process do it as one client. */
const kept = new WeakMap<Database, Connection>();

/**
 * The way to commerce, with the token and the connections of earlier calls from this process.
 *
 * @throws NotActivated
 */
export async function connect(
  tools: BridgeTools,
  options: { readonly timeoutMs?: number | undefined } = {},
): Promise<Connection> {
  const activation = await findActivation(tools.database.pool);
  if (activation === undefined) throw fail('NotActivated');
  const known = kept.get(tools.database);
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  if (known !== undefined && isSameWay(known.activation, activation)) {
    return { activation, tools, session: known.session, timeoutMs };
  }
  known?.session.agent.destroy();
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_SOCKETS, ca: activation.ca });
  const made = { activation, tools, session: { agent, token: undefined }, timeoutMs };
  kept.set(tools.database, made);
  return made;
}

function isSameWay(one: Activation, other: Activation): boolean {
  return (
    one.clientId === other.clientId &&
    one.commerceUrl === other.commerceUrl &&
    one.tokenEndpoint === other.tokenEndpoint &&
    one.ca === other.ca &&
    Temporal.Instant.compare(one.activatedAt, other.activatedAt) === 0
  );
}

/** Ends the connections that this process keeps, calls that are under way with them. */
export function disconnect({ database }: Pick<BridgeTools, 'database'>): void {
  kept.get(database)?.session.agent.destroy();
  kept.delete(database);
}

/**
 * Makes an authenticated call and gives the JSON of its answer; undefined for one without a body. A token that is
 * refused is renewed once, at once.
 *
 * @throws Trouble unless the status is one of success; the reason of `signal` once that is aborted
 */
export async function callCommerce(connection: Connection, call: CommerceCall): Promise<unknown> {
  const { session, tools } = connection;
  for (let attempt = 1; ; attempt += 1) {
    const token = await tokenOf(connection, call.signal);
    const answer = await exchange(connection, `${connection.activation.commerceUrl}${call.path}`, {
      method: call.method ?? 'GET',
      ...(call.body !== undefined && { body: call.body }),
      headers: {
        authorization: `Bearer ${token.value}`,
        accept: 'application/json',
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
        ...(call.encoding !== undefined && { 'content-encoding': call.encoding }),
      },
      maxBytes: call.maxBytes ?? MOST_BYTES,
      ...(call.signal !== undefined && { signal: call.signal }),
    });
    const { status, text, headers } = answer;
    if (status === 401) await forget(session, token);
    if (status === 401 && attempt === 1) continue;
    if (status < 200 || status > 299) {
      const retryAfterMs = readRetryAfter(headers, tools.clock.now(), LONGEST_WAIT_MS);
      throw troubleOfAnswer({ status, text, retryAfterMs });
    }
    if (status === 204) return undefined;
    const body = parseJson(text);
    if (body === undefined) throw nonsense('it is no JSON');
    return body;
  }
}

/** Unless another call has renewed it by now. */
async function forget(session: Session, refused: Token): Promise<void> {
  const { token } = session;
  const present = await token?.catch(() => undefined);
  if (present === refused && session.token === token) session.token = undefined;
}

/** Renews the token with the next call, as after a change of the key. */
export function forgetToken({ session }: Connection): void {
  session.token = undefined;
}

async function tokenOf(connection: Connection, signal: AbortSignal | undefined): Promise<Token> {
  const { session, tools } = connection;
  const known = session.token;
  if (known !== undefined) {
    const token = await orAborted(known, signal);
    if (token.renewAtMs > tools.clock.monotonicMs()) return token;
    if (session.token === known) session.token = undefined;
  }
  return orAborted(session.token ?? renew(connection), signal);
}

function renew(connection: Connection): Promise<Token> {
  const { session } = connection;
  const asked = newToken(connection);
  session.token = asked;
  asked.catch(() => {
    if (session.token === asked) session.token = undefined;
  });
  return asked;
}

async function newToken(connection: Connection): Promise<Token> {
  const { tools, activation } = connection;
  const { database, clock } = tools;
  const keys = await listUsableKeys(database.pool);
  const token = await signIn({
    clock,
    activation,
    keys,
    post: (form) =>
      exchange(connection, activation.tokenEndpoint, {
        method: 'POST',
        body: new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        maxBytes: MOST_BYTES,
      }),
  });
  const used = keys.find(({ keyId }) => keyId === token.keyId);
  if (used?.state === 'pending') {
    // Commerce knows it: a rotation had arrived of which we did not hear.
    await database.transaction(async (tx) => {
      await activateKey(tx, used.keyId);
      await appendAudit(tx, clock, {
        actor: SYSTEM,
        action: WRITE,
        target: TARGET,
        detail: { thumbprint: used.kid, rotation: 'found to be in force' },
      });
    });
  }
  return token;
}

/** One exchange, in its time. */
async function exchange(connection: Connection, url: string, call: Call): Promise<CallAnswer> {
  const { clock } = connection.tools;
  const { timeoutMs, session } = connection;
  const ended = new AbortController();
  const late = new AbortController();
  clock.sleep(timeoutMs, ended.signal).then(
    () => late.abort(new Error(`it took longer than ${timeoutMs / 1000} seconds`)),
    () => undefined,
  );
  const signal =
    call.signal === undefined ? late.signal : AbortSignal.any([call.signal, late.signal]);
  try {
    return await callHttps(url, { ...call, agent: session.agent, signal });
  } catch (error) {
    call.signal?.throwIfAborted();
    const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
    throw new Trouble('unreachable', 'CommerceUnreachable', reason, { cause: error });
  } finally {
    ended.abort();
  }
}

/** @throws the reason of `signal` as soon as that is aborted */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const abort = (): void => resolve(undefined);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([work, aborted]);
    signal.throwIfAborted();
    return await work;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Asks commerce as this stamp, for whoever compares what it has with what is here.
 *
 * @param path begins with a slash; with its query
 * @returns the JSON of the answer
 * @throws NotActivated, CommerceUnreachable (also when commerce refused, which the message then says)
 */
export async function fetchCommerce(
  tools: BridgeTools,
  path: string,
  signal?: AbortSignal,
): Promise<unknown> {
  const connection = await connect(tools);
  try {
    return await callCommerce(connection, { path, signal, maxBytes: MOST_BYTES_FETCHED });
  } catch (error) {
    throw toStackmeterError(error, connection.activation.commerceUrl);
  }
}
