import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTls, systemClock } from '../../src/platform/index.ts';
import { UNRESOLVABLE_SUBSCRIPTION } from './commerce-fixture.ts';

/** A directory of subscriptions that knows none, and fails for one id. */
export interface SubscriptionDirectory {
  readonly url: string;
  /** File of the authority of its certificate. */
  readonly caFile: string;
  close(): Promise<void>;
}

export async function startSubscriptionDirectory(): Promise<SubscriptionDirectory> {
  const data = await mkdtemp(join(tmpdir(), 'stackmeter-directory-'));
  const tls = await ensureTls({ data, hosts: ['127.0.0.1'], clock: systemClock });
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    response.statusCode = request.url?.includes(UNRESOLVABLE_SUBSCRIPTION) === true ? 500 : 404;
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    caFile: tls.caFile,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(data, { recursive: true });
    },
  };
}
