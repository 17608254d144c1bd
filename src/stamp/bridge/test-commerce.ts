import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { hourNumber, type Instant } from '../../kernel/index.ts';
import { ensureTls, systemClock } from '../../platform/index.ts';
import {
  digestOfBatch,
  GENESIS_HASH,
  contentOfWindow,
  hashOfWindow,
  ManifestSums,
  newSigningKey,
  parseWindowName,
  readBatch,
  readManifest,
  readRegistrationToken,
  signReceipt,
  thumbprintOf,
  windowName,
  writeActivationKey,
  writeManifest,
  type Batch,
  type CheckedRegistrationToken,
  type PublicJwk,
} from '../../reporting/index.ts';

/** What the server does instead of its work. */
export type Fault =
  | 'drop'
  | 'hang'
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

export interface Asked {
  readonly method: string;
  readonly path: string;
  /** How often this has been asked, from 1. */
  readonly times: number;
}

interface ReceivedWindow {
  batches: Map<number, { digest: string; batch: Batch }>;
  manifest: string | undefined;
  receipt: object | undefined;
}

export const REGISTRATION = '9a000000-0000-4000-8000-000000000001';
const CLIENT = '9a000000-0000-4000-8000-000000000002';
export const RESOURCE_ID = `/subscriptions/${CLIENT}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/r`;

/** Plays commerce for one stamp: keeps everything in memory, and fails when it is told to. */
export class TestCommerce {
  readonly signer = newSigningKey();
  readonly asked: Asked[] = [];
  readonly windows = new Map<number, ReceivedWindow>();
  /** Those that may sign in, newest last; undefined: nobody yet. */
  keys: PublicJwk[] = [];
  cloudId = '';
  status = 'Registered';
  billingModel = 'PayAsYouUse';
  resourceId = RESOURCE_ID;
  usageReporting = true;
  expiration: string | null = null;
  fromWindow = 0;
  /** Windows that it accepted in periods before. */
  earlier: { from: number; to: number }[] = [];
  nextWindow = 0;
  /** The time by its own clock. */
  now: () => Instant = () => systemClock.now();
  fault: (asked: Asked) => Fault | undefined = () => undefined;
  /** What is waited for before it does its work. */
  pause: (asked: Asked) => Promise<void> = () => Promise.resolve();
  /** Changes what it answers. */
  alter: (asked: Asked, body: unknown) => unknown = (_asked, body) => body;
  tokens = new Set<string>();
  url = '';
  ca = '';
  token: CheckedRegistrationToken | undefined;

  /** Registers whoever made the token. @returns the activation key */
  async register(registrationToken: string, now: Instant): Promise<string> {
    const token = await readRegistrationToken(registrationToken, now);
    this.token = token;
    this.cloudId = token.cloudId;
    this.keys = [token.publicJwk];
    this.usageReporting = token.usageReporting;
    this.fromWindow = token.fromWindow;
    this.nextWindow = token.fromWindow;
    return this.activationKey({ thumbprint: token.thumbprint });
  }

  activationKey(changes: object = {}): Promise<string> {
    return writeActivationKey(
      {
        registrationId: REGISTRATION,
        resourceId: this.resourceId,
        cloudId: this.cloudId,
        clientId: CLIENT,
        thumbprint: '',
        commerceUrl: this.url,
        tokenEndpoint: `${this.url}/token`,
        ca: this.ca,
        billingModel: 'PayAsYouUse',
        usageReporting: this.usageReporting,
        marketplaceSyndication: false,
        expiration: this.expiration ?? undefined,
        nextWindow: this.usageReporting ? windowName(this.nextWindow) : undefined,
        ...changes,
      },
      this.signer,
    );
  }

  /** Rows that it accepted, as texts, in order. */
  rows(): string[] {
    return [...this.windows]
      .filter(([, { receipt }]) => receipt !== undefined)
      .toSorted(([one], [other]) => one - other)
      .flatMap(([window, { batches }]) =>
        [...batches]
          .toSorted(([one], [other]) => one - other)
          .flatMap(([, { batch }]) =>
            batch.rows.map((row) => {
              const resource = batch.resources[row.resource]!;
              return `${windowName(window)} ${resource.subscriptionId} ${resource.tags} ${row.quantity}`;
            }),
          ),
      );
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const [path = '', method = 'GET'] = [request.url, request.method];
    const times = this.asked.filter((one) => one.path === path && one.method === method).length + 1;
    const asked = { method, path, times };
    this.asked.push(asked);
    await this.pause(asked);
    const fault = this.fault(asked);
    if (fault === 'hang') return;
    if (fault === 'drop') {
      request.socket.destroy();
      return;
    }
    const made: Made = fault ?? (await this.work(asked, request, body));
    response.writeHead(made.status, { date: httpDate(this.now()), ...made.headers });
    const content = fault === undefined ? this.alter(asked, made.body) : made.body;
    response.end(
      content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content),
    );
  }

  private async work(asked: Asked, request: IncomingMessage, body: Buffer) {
    const { method, path } = asked;
    if (path === '/token') return this.signIn(new URLSearchParams(body.toString()));
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (!this.tokens.has(token)) return error(401, 'InvalidAuthenticationToken');
    const base = `/api/v1/reported-usage/${REGISTRATION}`;
    if (path === base) return { status: 200, body: this.state() };
    if (path === `${base}/credential`) return this.credential(body);
    const [, name = '', sequence] = /\/windows\/([^/]+)(?:\/batches\/(\d+))?$/.exec(path) ?? [];
    const window = parseWindowName(name);
    if (window === undefined) return error(404, 'NotFound');
    const there = this.windows.get(window);
    if (there?.receipt === undefined && window !== this.nextWindow) {
      return error(409, 'ReportedWindowGap');
    }
    if (method === 'DELETE') {
      if (there?.receipt !== undefined) return error(409, 'ReportedWindowGap');
      this.windows.delete(window);
      return { status: 204, body: undefined };
    }
    const encoded = request.headers['content-encoding'] === 'zstd';
    const text = (encoded ? zstdDecompressSync(body) : body).toString();
    return sequence === undefined ? this.takeManifest(window, text) : this.takeBatch(window, text);
  }

  private takeBatch(window: number, text: string) {
    const batch = readBatch(JSON.parse(text));
    const digest = digestOfBatch(text);
    const received = this.windows.get(window) ?? {
      batches: new Map<number, { digest: string; batch: Batch }>(),
      manifest: undefined,
      receipt: undefined,
    };
    this.windows.set(window, received);
    const known = received.batches.get(batch.sequence);
    if (known !== undefined && known.digest !== digest) return error(409, 'ReportedBatchAltered');
    received.batches.set(batch.sequence, { digest, batch });
    const told = { window: windowName(window), sequence: batch.sequence, rows: batch.rows.length };
    return { status: known === undefined ? 201 : 200, body: { ...told, digest } };
  }

  private takeManifest(window: number, text: string) {
    const manifest = readManifest(JSON.parse(text));
    const received = this.windows.get(window) ?? {
      batches: new Map<number, { digest: string; batch: Batch }>(),
      manifest: undefined,
      receipt: undefined,
    };
    if (received.receipt !== undefined) {
      if (received.manifest !== text) return error(409, 'ManifestMismatch');
      return { status: 200, body: received.receipt };
    }
    const sums = new ManifestSums();
    const ordered = [...received.batches].toSorted(([one], [other]) => one - other);
    for (const [, { batch, digest }] of ordered) sums.add(batch.rows, digest);
    if (writeManifest(sums.manifestOf(hourNumber(window))) !== text) {
      return error(409, 'ManifestMismatch');
    }
    const owner = { registrationId: REGISTRATION, cloudId: this.cloudId };
    const acceptedAt = Temporal.Instant.from('2026-01-01T00:00:00Z');
    const content = contentOfWindow(owner, { manifest, acceptedAt });
    const hash = hashOfWindow(GENESIS_HASH, content);
    const accepted = { manifest, acceptedAt, previousHash: GENESIS_HASH, hash };
    const receipt = signReceipt(owner, accepted, this.signer);
    this.windows.set(window, { ...received, manifest: text, receipt });
    this.nextWindow = window + 1;
    return { status: 201, body: receipt };
  }

  private async signIn(form: URLSearchParams): Promise<Made> {
    const assertion = form.get('client_assertion') ?? '';
    const refused = {
      status: 401,
      body: { error: 'invalid_client', error_description: 'client authentication failed' },
    };
    const { exp = 0, iat = 0, sub, aud } = decodeJwt(assertion);
    const seconds = this.now().epochMilliseconds / 1000;
    if (exp < seconds || iat > seconds + 60 || sub !== CLIENT || aud !== `${this.url}/token`) {
      return refused;
    }
    for (const key of this.keys) {
      const known = await jwtVerify(assertion, await importJWK({ ...key }, 'ES256'), {
        currentDate: new Date(seconds * 1000),
      }).then(
        () => true,
        () => false,
      );
      if (!known) continue;
      const token = `token-${this.asked.length}`;
      this.tokens.add(token);
      return { status: 200, body: { access_token: token, expires_in: 3600 } };
    }
    return refused;
  }

  private async credential(body: Buffer) {
    const read = JSON.parse(body.toString());
    const token = await readRegistrationToken(read.registrationToken, this.now());
    const known = this.keys.find((key) => thumbprintOf(key) === token.thumbprint);
    this.keys = known === undefined ? [this.keys.at(-1)!, token.publicJwk] : [known];
    return { status: 200, body: { thumbprint: token.thumbprint } };
  }

  private state() {
    const isOpen = this.usageReporting && this.status !== 'Removed';
    return {
      registrationId: REGISTRATION,
      resourceId: this.resourceId,
      cloudId: this.cloudId,
      status: this.status,
      billingModel: this.billingModel,
      usageReporting: this.usageReporting,
      marketplaceSyndication: false,
      expiration: this.expiration,
      etag: 'e',
      nextWindow: isOpen ? windowName(this.nextWindow) : null,
      periods: [
        ...this.earlier.map(({ from, to }) => ({
          fromWindow: windowName(from),
          nextWindow: windowName(to),
          startedAt: '2026-01-01T00:00:00Z',
          endedAt: '2026-01-01T00:00:00Z',
          endReason: 'ReportingOff',
        })),
        {
          fromWindow: windowName(this.fromWindow),
          nextWindow: windowName(this.nextWindow),
          startedAt: '2026-01-01T00:00:00Z',
          endedAt: null,
          endReason: null,
        },
      ],
    };
  }
}

interface Made {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export function error(status: number, code: string): Made {
  return { status, body: { error: { code, message: `${code}, said the test` } } };
}

export function httpDate(instant: Instant): string {
  return new Date(instant.epochMilliseconds).toUTCString();
}

/** Gives the `describe` in which it is called a commerce of its own. */
export function withTestCommerce(): TestCommerce {
  const commerce = new TestCommerce();
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-bridge-'));
  let server: Server | undefined;
  before(async () => {
    const tls = await ensureTls({ data: folder, hosts: ['127.0.0.1'], clock: systemClock });
    const started = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
      commerce.answer(request, response).catch((cause: unknown) => {
        response.writeHead(400);
        response.end(JSON.stringify({ error: { code: 'TestFault', message: String(cause) } }));
      });
    });
    server = started;
    await new Promise<void>((resolve) => {
      started.listen(0, '127.0.0.1', resolve);
    });
    const address = started.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    commerce.url = `https://127.0.0.1:${address.port}`;
    commerce.ca = tls.ca;
  });
  after(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    rmSync(folder, { recursive: true });
  });
  return commerce;
}
