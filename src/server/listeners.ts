import type { FastifyInstance } from 'fastify';
import { fail } from '../kernel/index.ts';
import {
  buildApp,
  closeGracefully,
  createBudget,
  type Clock,
  type Config,
  type ListenerSurface,
  type Log,
  type Metrics,
} from '../platform/index.ts';

/** Where a server answers. */
export interface Listeners {
  /** For everybody; for tenants only, where operators have a port of their own. */
  readonly baseUrl: string;
  /** For operators, and the commands on this machine; the same address unless they have a port of their own. */
  readonly operatorUrl: string;
  /** Answers what is under way, and takes nothing new. */
  close(): Promise<void>;
}

export interface ListenersOptions {
  readonly config: Pick<
    Config,
    'host' | 'hostNames' | 'port' | 'adminPort' | 'region' | 'readBudget' | 'writeBudget'
  >;
  readonly clock: Clock;
  readonly log: Log;
  readonly tls: { readonly key: string; readonly cert: string };
  readonly metrics: Metrics;
  /** Called for each app: it gets all routes, and keeps to itself what its callers shall not see. */
  readonly addRoutes: (app: FastifyInstance) => void;
}

interface Listener {
  readonly app: FastifyInstance;
  readonly url: string;
}

/** How long requests under way may take when the server stops. */
const GRACE_MS = 10_000;

/**
 * Opens one listener for all, or with `adminPort` one for tenants and one for operators. Both count against one
 * budget of requests.
 *
 * @throws PortInUse
 */
export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { config, clock } = options;
  const budget = createBudget({ ...config, clock, metrics: options.metrics });
  const open: Listener[] = [];
  const listen = async (surface: ListenerSurface, port: number): Promise<Listener> => {
    const app = buildApp({ ...config, ...options, surface, budget });
    options.addRoutes(app);
    const listener = { app, url: addressOf(config.host, await listenOn(app, config.host, port)) };
    open.push(listener);
    return listener;
  };
  const close = async (): Promise<void> => {
    await Promise.all(open.map(({ app }) => closeGracefully(app, { graceMs: GRACE_MS, clock })));
  };
  try {
    const { adminPort } = config;
    if (adminPort === undefined) {
      const { url } = await listen('all', config.port);
      return { baseUrl: url, operatorUrl: url, close };
    }
    const tenants = await listen('tenant', config.port);
    const operators = await listen('operator', adminPort);
    return { baseUrl: tenants.url, operatorUrl: operators.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenOn(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw fail('PortInUse', { port, host }, { cause: error });
    }
    throw error;
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** The address for people and programs on this machine; a server that listens on all is reached as localhost. */
function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `https://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
