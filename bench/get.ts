import { Agent, request } from 'node:https';
import type { MeasuredServer } from './processes.ts';

/** Reads pages of a server over one connection that is kept. */
export interface Getter {
  get(url: string): Promise<string>;
  close(): void;
}

/** @param more headers besides that of who asks, which is the operator */
export async function openGetter(
  server: MeasuredServer,
  more: Readonly<Record<string, string>> = {},
): Promise<Getter> {
  const agent = new Agent({ keepAlive: true, ca: server.ca });
  const headers = { authorization: `Bearer ${await server.token()}`, ...more };
  const get: Getter['get'] = (url) =>
    new Promise((resolve, reject) => {
      request(url, { agent, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) resolve(text);
          else reject(new Error(`${String(answer.statusCode)} ${text}`));
        });
      })
        .on('error', reject)
        .end();
    });
  return { get, close: () => agent.destroy() };
}
