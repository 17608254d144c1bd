import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { Server } from '../../src/server/index.ts';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What is sent, header by header: one name may come several times. */
export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** Sends a request exactly as it is told to. */
export function send(
  { baseUrl, caFile }: Pick<Server, 'baseUrl' | 'caFile'>,
  { method = 'GET', path, headers = [], body }: Sent,
): Promise<Answer> {
  const { hostname, port, host } = new URL(baseUrl);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const length = body === undefined ? [] : ['content-length', `${Buffer.byteLength(body)}`];
  const sent = request(
    {
      ca: readFileSync(caFile),
      agent: false,
      hostname,
      port,
      path,
      method,
      headers: ['host', host, ...length, ...headers.flat()],
    },
    (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    },
  );
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

/** A client that may ask for tokens. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
}

/** Signs a client in at the built-in authority, as any client does. */
export async function signIn(
  server: Pick<Server, 'baseUrl' | 'caFile'>,
  { clientId, clientSecret, tenantId }: Credentials,
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${server.baseUrl}/.default`,
  });
  const { status, text } = await send(server, {
    method: 'POST',
    path: `/adfs/${tenantId}/oauth2/token`,
    headers: [['content-type', 'application/x-www-form-urlencoded']],
    body: form.toString(),
  });
  assert.equal(status, 200, text.slice(0, 300));
  const answer: unknown = JSON.parse(text);
  assert.ok(typeof answer === 'object' && answer !== null && 'access_token' in answer);
  assert.ok(typeof answer.access_token === 'string');
  return answer.access_token;
}

/** Words of libraries, of the program and of the database, which no caller has to see. */
const INTERNALS =
  /jose|jws|jwks_|node_modules|node:|\.ts\b|at async|\bstack\b|typeerror|undefined|\[object|postgres|select |relation |authority_key|src\//i;

/**
 * Checks that a caller was turned away as it has to be: with the envelope, with a challenge, and
 * without a word of the secret that it sent or of what goes on inside.
 */
export function assertRefused(
  answer: Answer,
  statuses: readonly number[],
  secrets: readonly string[] = [],
): void {
  const { status, headers, text } = answer;
  assert.ok(statuses.includes(status), `${status} ${text.slice(0, 300)}`);
  const [, problem] = /^application\/(?:json|(problem)\+json)\b/.exec(
    headers['content-type'] ?? '',
  ) ?? ['', 'neither'];
  const body: unknown = JSON.parse(text);
  assert.ok(typeof body === 'object' && body !== null && 'error' in body, text);
  const members = problem === undefined ? [] : ['type', 'title', 'status', 'detail'];
  assert.deepEqual(Object.keys(body), [...members, 'error'], text);
  const { error } = body;
  assert.ok(typeof error === 'object' && error !== null && 'code' in error && 'message' in error);
  assert.match(String(error.code), /^[A-Z][A-Za-z]+$/);
  assert.ok(typeof error.message === 'string' && error.message !== '');
  const challenge = headers['www-authenticate'];
  assert.equal(challenge !== undefined, status === 401, `${status} ${challenge}`);
  if (challenge !== undefined)
    assert.match(challenge, /^Bearer authorization_uri="https:\/\/[^"]+"/);
  for (const told of [text, challenge ?? '']) {
    assert.doesNotMatch(told, INTERNALS);
    for (const secret of secrets) {
      assert.ok(!told.includes(secret), `the answer repeats '${secret}': ${told}`);
    }
  }
}
