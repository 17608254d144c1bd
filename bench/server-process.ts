/**
 * The server under measurement, in a process of its own: the real one, with a clock that the bench can move on so
 * that hours end when they are wanted to. Told what to do by messages, answers with what it measured.
 */
import { createLog, loadConfig, systemClock, type Clock } from '../src/platform/index.ts';
import { startServer } from '../src/server/index.ts';
import type { FromServer, ToServer } from './messages.ts';

let shiftMs = 0;
const clock: Clock = {
  now: () => systemClock.now().add({ milliseconds: shiftMs }),
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
  monotonicMs: () => systemClock.monotonicMs(),
};

const send = (message: FromServer): void => {
  process.send?.(message);
};

const config = loadConfig({ flags: { data: process.argv[2]!, port: '0', logLevel: 'warn' } });
const server = await startServer({ config, clock, log: createLog({ level: 'warn' }) });
let peakRss = 0;
const watch = setInterval(() => {
  peakRss = Math.max(peakRss, process.memoryUsage.rss());
}, 50);

process.on('message', (message: ToServer) => {
  switch (message.kind) {
    case 'shift':
      shiftMs += message.ms;
      send({ kind: 'shifted' });
      break;
    case 'memory':
      send({ kind: 'memory', rss: process.memoryUsage.rss(), peakRss });
      peakRss = 0;
      break;
    case 'wake':
      server.wakeBridge();
      break;
    case 'stop':
      clearInterval(watch);
      void server.close().then(() => process.disconnect?.());
      break;
  }
});

send({
  kind: 'ready',
  baseUrl: server.baseUrl,
  caFile: server.caFile,
  clientId: server.operator.clientId,
  clientSecret: server.operator.clientSecret,
  operatorSubscription: server.stamp.defaultProviderSubscriptionId,
  homeTenantId: server.stamp.homeTenantId,
});
