import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { As, Saved, Step, WireBody, WireCase, WireRequest } from './case.ts';
import { mismatches, valueAt } from './check.ts';
import { hold, send, type Answer, type Sent } from './client.ts';

/** A client of the authority. */
export interface ClientConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The directory tenant of the client. */
  readonly tenantId: string;
}

export interface RunConfig {
  /** `https://host:port` */
  readonly base: string;
  /** Text of the certificate that the server's goes back to. */
  readonly ca: string;
  readonly placeholders: Readonly<Record<string, string>>;
  readonly clients: Readonly<Record<string, ClientConfig>>;
  /** Whether the server has the usage that fixture.ts writes. */
  readonly fixture: boolean;
}

export type CaseResult =
  | { readonly result: 'passed' }
  | { readonly result: 'not run'; readonly reason: string }
  | { readonly result: 'failed'; readonly problems: readonly string[] };

/** Attempts at an answer that depends on requests which are still on their way. */
const HELD_ATTEMPTS = 50;
const HELD_WAIT_MS = 20;

/** Runs cases against one server. What a case has saved is there for the ones after it. */
export class Runner {
  readonly #config: RunConfig;
  readonly #values: Map<string, string>;
  readonly #tokens = new Map<string, Promise<string>>();

  constructor(config: RunConfig) {
    this.#config = config;
    this.#values = new Map(Object.entries(config.placeholders));
    this.#values.set('base', config.base).set('unique', randomUUID());
  }

  async run(wireCase: WireCase): Promise<CaseResult> {
    if (wireCase.fixture === true && !this.#config.fixture) {
      return { result: 'not run', reason: 'the server does not have the fixed usage' };
    }
    for (const [i, step] of wireCase.steps.entries()) {
      const problems = await this.#step(step).catch((error: unknown) => [String(error)]);
      if (problems.length > 0) {
        const where = wireCase.steps.length > 1 ? `step ${i + 1}: ` : '';
        return { result: 'failed', problems: problems.map((problem) => where + problem) };
      }
    }
    return { result: 'passed' };
  }

  async #step({ request, expect, save = {}, whileHeld = [] }: Step): Promise<string[]> {
    const sent = await this.#toSent(request);
    const wanted = this.#fillAll(expect) as typeof expect;
    const answer =
      whileHeld.length === 0
        ? await send(this.#config.ca, sent)
        : await this.#sendWhileHeld(sent, whileHeld, wanted.status);
    const problems = mismatches(wanted, answer);
    if (problems.length === 0) this.#save(save, answer);
    return problems;
  }

  /** Asks again until the held requests have arrived, and afterwards until the server has noticed that they are gone. */
  async #sendWhileHeld(sent: Sent, bodies: readonly number[], status: number): Promise<Answer> {
    const { ca } = this.#config;
    const askUntil = async (done: (answer: Answer) => boolean): Promise<Answer> => {
      for (let attempt = 1; ; attempt++) {
        const answer = await send(ca, sent);
        if (done(answer) || attempt === HELD_ATTEMPTS) return answer;
        await wait(HELD_WAIT_MS);
      }
    };
    const held = bodies.map((bytes) => hold(ca, sent, bytes));
    try {
      return await askUntil((answer) => answer.status === status);
    } finally {
      for (const giveUp of held) giveUp();
      await askUntil((answer) => answer.status !== status);
    }
  }

  #save(save: Readonly<Record<string, Saved>>, answer: Answer): void {
    for (const [name, from] of Object.entries(save))
      this.#values.set(name, savedFrom(from, answer));
  }

  async #toSent(request: WireRequest): Promise<Sent> {
    const { method = 'GET', path = '/', headers = {}, query, as, body } = request;
    const filled = Object.entries(headers).map(([name, value]) => [name, this.#fill(value)]);
    const target = request.address ?? `${this.#config.base}${path}`;
    const bytes = body === undefined ? undefined : this.#bytesOf(body);
    const encoding = body !== undefined && 'encoding' in body ? body.encoding : undefined;
    return {
      method,
      address: this.#fill(target) + this.#queryText(query ?? {}),
      headers: {
        ...(as && { authorization: await this.#authorization(as) }),
        ...(encoding !== undefined && { 'content-encoding': encoding }),
        ...(Object.fromEntries(filled) as Record<string, string>),
      },
      body: bytes,
      chunked: body !== undefined && 'chunked' in body,
    };
  }

  #queryText(query: NonNullable<WireRequest['query']>): string {
    const parts = Object.entries(query).map(([name, value]) =>
      typeof value === 'string'
        ? `${encodeURIComponent(name)}=${encodeURIComponent(this.#fill(value))}`
        : `${name}=${this.#fill(value.raw)}`,
    );
    return parts.length === 0 ? '' : `?${parts.join('&')}`;
  }

  #bytesOf(body: WireBody): Buffer {
    if ('hex' in body) return Buffer.from(body.hex, 'hex');
    let bytes: Buffer;
    if ('spaces' in body) bytes = Buffer.alloc(body.spaces, ' ');
    else if ('text' in body) bytes = Buffer.from(this.#fill(body.text));
    else bytes = Buffer.from(JSON.stringify(this.#fillAll(body.json)));
    if (body.encoding === 'gzip') return gzipSync(bytes);
    return body.encoding === 'zstd' ? zstdCompressSync(bytes) : bytes;
  }

  async #authorization({ client, by = 'token' }: As): Promise<string> {
    const known = this.#config.clients[client];
    if (known === undefined) throw new Error(`the configuration names no client '${client}'`);
    const { clientId, clientSecret } = known;
    if (by === 'key') return `Bearer ${clientId}.${clientSecret}`;
    if (by === 'basic') {
      return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    }
    let token = this.#tokens.get(client);
    if (token === undefined) this.#tokens.set(client, (token = this.#getToken(known)));
    return `Bearer ${await token}`;
  }

  async #getToken({ clientId, clientSecret, tenantId }: ClientConfig): Promise<string> {
    const { base, ca } = this.#config;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${base}/.default`,
    });
    const { status, body } = await send(ca, {
      method: 'POST',
      address: `${base}/adfs/stackmeter/${tenantId}/oauth2/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    });
    const token = valueAt(JSON.parse(body.toString('utf8')), '/access_token');
    if (status === 200 && typeof token === 'string') return token;
    throw new Error(`no token for ${clientId}: ${body.toString('utf8')}`);
  }

  #fill(text: string): string {
    return text.replaceAll(
      /\{([a-z]\w*)\}/gi,
      (whole, name: string) => this.#values.get(name) ?? whole,
    );
  }

  #fillAll(value: unknown): unknown {
    if (typeof value === 'string') return this.#fill(value);
    if (Array.isArray(value)) return value.map((item) => this.#fillAll(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.#fill(key), this.#fillAll(item)]),
    );
  }
}

function savedFrom(from: Saved, { headers, body }: Answer): string {
  if (typeof from !== 'string' && 'header' in from) {
    const value = headers[from.header];
    if (typeof value === 'string') return value;
    throw new Error(`there is no header ${from.header} to save`);
  }
  const at = typeof from === 'string' ? from : from.address;
  const found = valueAt(JSON.parse(body.toString('utf8')), at);
  if (typeof found !== 'string') throw new Error(`there is no text at ${at} to save`);
  if (typeof from === 'string') return found;
  const value = new URL(found).searchParams.get(from.parameter);
  if (value === null) throw new Error(`the address at ${at} has no such parameter`);
  return value;
}
