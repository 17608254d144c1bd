import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { send, type Answer } from '../../../test/conformance/client.ts';
import type { TestServer } from '../../../test/support/server.ts';
import { SYSTEM } from '../../audit/index.ts';
import { addClient, type NewClient } from '../../identity/index.ts';
import { isJsonObject } from '../../kernel/index.ts';
import { systemClock } from '../../platform/index.ts';

export interface Asked {
  readonly status: number;
  readonly headers: Answer['headers'];
  /** Empty for an empty answer. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The code of an error. */
  readonly code: unknown;
}

/** Asks the server, with `api-version=2015-11-01` unless the path has a query. */
export type Ask = (method: string, path: string, body?: object) => Promise<Asked>;

/** Signs a client in. */
export async function callerOf(
  { server }: TestServer,
  credential: { clientId: string; clientSecret: string; tenantId: string },
): Promise<Ask> {
  const ca = readFileSync(server.caFile, 'utf8');
  const base = server.baseUrl;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: credential.clientId,
    client_secret: credential.clientSecret,
    scope: `${base}/.default`,
  });
  const answer = await send(ca, {
    method: 'POST',
    address: `${base}/adfs/stackmeter/${credential.tenantId}/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
  });
  assert.equal(answer.status, 200, String(answer.body));
  const { access_token: token } = parse(answer.body);
  return async (method, path, body) => {
    const address = path.startsWith('https:') ? path : base + path;
    const { status, headers, ...rest } = await send(ca, {
      method,
      address: address.includes('?') ? address : `${address}?api-version=2015-11-01`,
      headers: {
        authorization: `Bearer ${String(token)}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && Buffer.from(JSON.stringify(body)),
    });
    const parsed = parse(rest.body);
    const { error } = parsed;
    return { status, headers, body: parsed, code: isJsonObject(error) ? error['code'] : undefined };
  };
}

/** Makes a client with a role and signs it in. */
export async function newCaller(started: TestServer, client: NewClient): Promise<Ask> {
  const { database, stamp } = started.server;
  const changing = { clock: systemClock, actor: SYSTEM, homeTenantId: stamp.homeTenantId };
  return callerOf(started, await addClient(database.pool, client, changing));
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  const value: unknown = JSON.parse(body.toString('utf8'));
  return isJsonObject(value) ? value : {};
}

/** The values of one property in the items of a list. */
export function column({ body }: Asked, name: string): unknown[] {
  const { value } = body;
  return Array.isArray(value) ? value.map((item) => (isJsonObject(item) ? item[name] : item)) : [];
}
