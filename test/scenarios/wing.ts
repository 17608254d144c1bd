import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decimal, NumberText, parseExactJson, type ExactJson } from '../../src/kernel/index.ts';
import { loadConfig, silentLog, systemClock, type Clock } from '../../src/platform/index.ts';
import { startServer, type Server } from '../../src/server/index.ts';
import { valueAt } from '../conformance/check.ts';
import { send } from '../conformance/client.ts';
import type { TestDatabase } from '../support/database.ts';

const PATIENCE_MS = 30_000;

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** What is there by a JSON Pointer, as text. */
  readonly at: (pointer: string) => string;
}

/** A server of one role with a data folder of its own, and its operator, over HTTPS. */
export class Wing {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stackmeter-two-wings-'));
  #server: Server | undefined;

  get server(): Server {
    assert.ok(this.#server !== undefined);
    return this.#server;
  }

  async start(role: string, { url: databaseUrl }: TestDatabase, clock: Clock): Promise<void> {
    const flags = { data: this.#folder, port: '0', databaseUrl, roles: role };
    const config = loadConfig({ flags, env: {} });
    this.#server = await startServer({ config, clock, log: silentLog });
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** As the operator, with a token that was just made: the clock may have moved. */
  async ask(
    method: string,
    path: string,
    body?: object,
    type = 'application/json',
  ): Promise<Answer> {
    const { clientId, clientSecret, tenantId } = this.server.operator;
    const signedIn = await this.signIn(tenantId, {
      client_id: clientId,
      client_secret: clientSecret,
    });
    assert.equal(signedIn.status, 200, signedIn.text);
    return this.#send(method, path, {
      headers: {
        authorization: `Bearer ${signedIn.at('/access_token')}`,
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
    });
  }

  /** Asks for a token, with what proves a client. */
  async signIn(tenantId: string, proof: Readonly<Record<string, string>>): Promise<Answer> {
    const scope = `${this.server.baseUrl}/.default`;
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope, ...proof });
    return this.#send('POST', `/adfs/${tenantId}/oauth2/token`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    });
  }

  async #send(
    method: string,
    path: string,
    rest: { readonly headers: Record<string, string>; readonly body?: Buffer },
  ): Promise<Answer> {
    const ca = readFileSync(this.server.caFile, 'utf8');
    const answer = await send(ca, { method, address: `${this.server.baseUrl}${path}`, ...rest });
    const text = answer.body.toString('utf8');
    return {
      status: answer.status,
      text,
      at: (pointer) => {
        const found = valueAt(JSON.parse(text), pointer);
        assert.ok(typeof found === 'string', `${pointer} of ${text}`);
        return found;
      },
    };
  }
}

/** The answer, which has to have this status. */
export function expect(answer: Answer, status: number): Answer {
  assert.equal(answer.status, status, answer.text);
  return answer;
}

function fieldOf(value: ExactJson | undefined, name: string): ExactJson | undefined {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  assert.ok(!(value instanceof NumberText));
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** Exact sums of the rows of a usage answer, by meter in lower case. */
export function sumsOf({ text }: Answer): Record<string, string> {
  const rows = fieldOf(parseExactJson(text), 'value');
  assert.ok(Array.isArray(rows));
  const sums = new Map<string, Decimal>();
  for (const row of rows) {
    const properties = fieldOf(row, 'properties');
    const meterId = fieldOf(properties, 'meterId');
    const quantity = fieldOf(properties, 'quantity');
    assert.ok(typeof meterId === 'string' && quantity instanceof NumberText);
    const key = meterId.toLowerCase();
    sums.set(key, (sums.get(key) ?? Decimal.zero).add(Decimal.parse(quantity.text)!));
  }
  return Object.fromEntries([...sums].map(([meter, sum]) => [meter, sum.toText()]));
}

/** Waits until it holds, half a minute at most. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = systemClock.monotonicMs() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(systemClock.monotonicMs() < end, 'it did not come to hold');
    await systemClock.sleep(100);
  }
}
