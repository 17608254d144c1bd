/** Sends records over HTTPS as fast as they are taken, in a process of its own. */
import { Agent, request } from 'node:https';
import type { SendOrder, SendResult } from './messages.ts';
import { bodyMaker } from './workload.ts';

async function run(order: SendOrder): Promise<SendResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections, ca: order.ca });
  const unexpected: Record<string, number> = {};
  let next = order.firstRecord;
  let busy = 0;
  const end = order.firstRecord + order.records;
  const post = (body: Buffer): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request(
        order.url,
        {
          agent,
          method: 'POST',
          headers: {
            authorization: order.authorization,
            'content-type': 'application/cloudevents-batch+json',
            'content-length': body.length,
          },
        },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve(answer.statusCode ?? 0));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  const connection = async (): Promise<void> => {
    const make = bodyMaker(order.workload, order.batch);
    while (next < end) {
      const first = next;
      next += order.batch;
      const body = make(first);
      for (;;) {
        const status = await post(body);
        if (status === order.expect) break;
        if (status !== 503) {
          unexpected[status] = (unexpected[status] ?? 0) + 1;
          break;
        }
        busy += 1;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: order.connections }, connection));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return { seconds, unexpected, busy };
}

process.on('message', (order: SendOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.send?.('ready');
