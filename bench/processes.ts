import { fork, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DirectoryTenantId } from '../src/kernel/index.ts';
import { callHttps } from '../src/platform/index.ts';
import type {
  ExportOrder,
  ExportResult,
  FromServer,
  SendOrder,
  SendResult,
  ToServer,
} from './messages.ts';

const folder = import.meta.dirname;

/** The server under measurement as the bench sees it. */
export interface MeasuredServer {
  readonly baseUrl: string;
  readonly ca: string;
  readonly operatorSubscription: string;
  readonly homeTenantId: DirectoryTenantId;
  readonly pid: number;
  token(): Promise<string>;
  shift(ms: number): Promise<void>;
  memory(): Promise<{ rss: number; peakRss: number }>;
  /** Has the bridge look for something to report. */
  wakeBridge(): void;
  stop(): Promise<void>;
}

export async function startMeasuredServer(data: string): Promise<MeasuredServer> {
  const child = fork(join(folder, 'server-process.ts'), [data], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = await answer(child, 'ready');
  const ca = await readFile(ready.caFile, 'utf8');
  const ask = async <K extends FromServer['kind']>(message: ToServer, kind: K) => {
    const reply = answer(child, kind);
    child.send(message);
    return reply;
  };
  return {
    baseUrl: ready.baseUrl,
    ca,
    operatorSubscription: ready.operatorSubscription,
    homeTenantId: ready.homeTenantId,
    pid: child.pid!,
    token: () => fetchToken(ready, ca),
    shift: async (ms) => void (await ask({ kind: 'shift', ms }, 'shifted')),
    memory: () => ask({ kind: 'memory' }, 'memory'),
    wakeBridge: () => void child.send({ kind: 'wake' } satisfies ToServer),
    stop: async () => {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.send({ kind: 'stop' } satisfies ToServer);
      await exited;
    },
  };
}

function answer<K extends FromServer['kind']>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<FromServer, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the server under measurement ended'));
    const listen = (message: FromServer): void => {
      if (message.kind !== kind) return;
      child.off('message', listen);
      child.off('exit', ended);
      resolve(message as Extract<FromServer, { kind: K }>);
    };
    child.on('message', listen);
    child.once('exit', ended);
  });
}

async function fetchToken(
  server: Extract<FromServer, { kind: 'ready' }>,
  ca: string,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: server.clientId,
    client_secret: server.clientSecret,
    scope: `${server.baseUrl}/.default`,
  }).toString();
  const { text } = await callHttps(`${server.baseUrl}/adfs/oauth2/token`, {
    ca,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const { access_token: token } = JSON.parse(text) as { access_token?: string };
  if (token === undefined) throw new Error(`no token: ${text}`);
  return token;
}

/** Sends records from a process of its own, so that it does not wait for what it measures. */
export interface Sender {
  send(order: SendOrder): Promise<SendResult>;
  stop(): void;
}

export async function startSender(): Promise<Sender> {
  const child = fork(join(folder, 'sender-process.ts'));
  await new Promise((resolve) => child.once('message', resolve));
  return {
    send: (order) =>
      new Promise((resolve, reject) => {
        const ended = (): void => reject(new Error('the sender ended'));
        child.once('exit', ended);
        child.once('message', (result: SendResult) => {
          child.off('exit', ended);
          resolve(result);
        });
        child.send(order);
      }),
    stop: () => void child.kill(),
  };
}

export function runExport(order: ExportOrder): Promise<ExportResult> {
  const child = fork(join(folder, 'export-process.ts'));
  return new Promise((resolve, reject) => {
    child.once('message', (result: ExportResult) => resolve(result));
    child.once('exit', () => reject(new Error('the export ended')));
    child.send(order);
  });
}
