import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../telemetry/index.ts';

/** The open connections of a server, and which of them have a request under way. */
export interface Connections {
  /** Whether the server is closing: each answer then ends its connection. */
  readonly closing: boolean;
  /**
   * Ends the connections without a request under way, and from now on each one as its request ends.
   */
  drain(): void;
  /** Ends all connections, whatever they are doing. */
  destroy(): void;
  readonly open: number;
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

/** Follows the connections of the app's server; to be called before it listens. */
export function followConnections(app: FastifyInstance): Connections {
  const { server } = app;
  const sockets = new Set<Socket>();
  const secured = new Set<Socket>();
  const busy = new Map<Socket, number>();
  let closing = false;

  const follow = (set: Set<Socket>) => (socket: Socket) => {
    set.add(socket);
    socket.once('close', () => set.delete(socket));
  };
  server.on('connection', follow(sockets));
  server.on('secureConnection', follow(secured));
  app.addHook('onRequest', (request, reply, done) => {
    busy.set(request.socket, (busy.get(request.socket) ?? 0) + 1);
    reply.raw.once('close', () => {
      const left = (busy.get(request.socket) ?? 1) - 1;
      if (left > 0) busy.set(request.socket, left);
      else busy.delete(request.socket);
    });
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  return {
    get closing() {
      return closing;
    },
    get open() {
      return sockets.size;
    },
    drain() {
      closing = true;
      for (const socket of secured) if (!busy.has(socket)) socket.destroy();
      // Before its handshake ends a connection is known by its plain socket only.
      const shaken = new Set([...secured].map(peerOf));
      for (const socket of sockets) if (!shaken.has(peerOf(socket))) socket.destroy();
    },
    destroy() {
      closing = true;
      for (const socket of [...secured, ...sockets]) socket.destroy();
    },
  };
}

/** All apps that tell of themselves through the same metrics. */
const listening = new WeakMap<Metrics, Set<Connections>>();

/** Metrics of connections: how many are open, how many were turned away because of the limit. */
export function connectionMetrics(
  app: FastifyInstance,
  connections: Connections,
  metrics: Metrics,
): void {
  const all = listening.getOrInsert(metrics, new Set());
  all.add(connections);
  metrics.gauge({ name: 'stackmeter_http_connections', help: 'Open connections' }, (gauge) =>
    gauge.set([...all].reduce((sum, { open }) => sum + open, 0)),
  );
  const refused = metrics.counter({
    name: 'stackmeter_http_connections_refused_total',
    help: 'Connections closed at once because the limit of connections was reached',
  });
  app.server.on('drop', () => refused.inc());
}

/**
 * Stops the server without cutting off work: not ready from now on, no new connections, idle ones
 * ended, requests under way answered, and then everything registered with `onClose` is closed.
 * Connections still busy after the time of grace are cut.
 *
 * @param options.graceMs how long requests under way may still take
 */
export async function closeGracefully(
  app: FastifyInstance,
  options: { readonly graceMs: number; readonly clock: Clock },
): Promise<void> {
  app.health.drain();
  const finished = new AbortController();
  const closed = app.close().finally(() => finished.abort());
  app.connections.drain();
  const cut = options.clock.sleep(options.graceMs, finished.signal).then(
    () => {
      if (!finished.signal.aborted) app.connections.destroy();
    },
    () => undefined,
  );
  await closed;
  await cut;
}
