import { request, type Agent } from 'node:https';

/** A request to an HTTPS server whose certificate a private authority has signed. */
export interface Call {
  /** PEM of the authority; left out where the agent has it */
  readonly ca?: string;
  /** keeps the connection for the next call; without one it is closed after the answer */
  readonly agent?: Agent;
  /** GET unless given */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
}

/**
 * Makes one request and reads the whole answer, whatever its status.
 * Node's `fetch` takes no authority of its own, so the programs that call a server here do it this way.
 *
 * @throws when the connection fails before the answer has ended
 */
export function callHttps(
  url: string,
  { ca, agent, method = 'GET', headers = {}, body }: Call,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers, agent: agent ?? false, ...(ca !== undefined && { ca }) },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
