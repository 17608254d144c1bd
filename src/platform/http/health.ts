import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Log } from '../telemetry/index.ts';
import type { Operation } from './operation.ts';

/** Resolves when the part can do its work, rejects with the reason when it cannot. */
export type HealthCheck = () => Promise<void> | void;

/** The outcome of one check. */
interface CheckResult {
  readonly name: string;
  readonly status: 'pass' | 'fail';
  readonly durationMs: number;
}

/** What must hold before this server is sent work. */
export interface Health {
  /**
   * Adds a check; each name once.
   *
   * @throws RangeError when the name is taken
   */
  register(name: string, check: HealthCheck): void;
  /** From now on the server is not ready, whatever the checks say: it is about to stop. */
  drain(): void;
  /** Runs the checks; callers at the same moment share one run. */
  run(): Promise<{ readonly ready: boolean; readonly checks: readonly CheckResult[] }>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** The checks of one server. Reasons of a failure are logged; they are not part of the answer. */
export function createHealth(options: { readonly clock: Clock; readonly log: Log }): Health {
  const checks = new Map<string, HealthCheck>();
  let draining = false;
  let running: Promise<CheckResult[]> | undefined;

  async function runOne(name: string, check: HealthCheck): Promise<CheckResult> {
    const started = options.clock.monotonicMs();
    const since = (): number => Math.round(options.clock.monotonicMs() - started);
    try {
      await withinTime(check);
      return { name, status: 'pass', durationMs: since() };
    } catch (err) {
      options.log.warn({ err, check: name }, 'health check failed');
      return { name, status: 'fail', durationMs: since() };
    }
  }

  return {
    register(name, check) {
      if (checks.has(name)) throw new RangeError(`There is a health check '${name}' already.`);
      checks.set(name, check);
    },
    drain() {
      draining = true;
    },
    async run() {
      running ??= Promise.all([...checks].map(([name, check]) => runOne(name, check))).finally(
        () => {
          running = undefined;
        },
      );
      const results = await running;
      return {
        ready: !draining && results.every(({ status }) => status === 'pass'),
        checks: results,
      };
    },
  };
}

async function withinTime(check: HealthCheck): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)),
    CHECK_TIMEOUT_MS,
  );
  try {
    await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `/health/live`: the process answers. `/health/ready`: every check passes; 503 otherwise. */
export function healthRoutes(app: FastifyInstance, health: Health): void {
  app.get('/health/live', { config: { operation: LIVE } }, () => ({ status: 'live' }));
  app.get('/health/ready', { config: { operation: READY } }, async (_request, reply) => {
    const { ready, checks } = await health.run();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks });
  });
}

const LIVE: Operation = {
  id: 'getLive',
  tag: 'server',
  summary: 'Whether the process answers',
  access: 'public',
  answers: {
    200: {
      description: 'It does.',
      contents: {
        'application/json': { type: 'object', properties: { status: { const: 'live' } } },
      },
    },
  },
};

const READINESS = {
  'application/json': {
    type: 'object',
    required: ['status', 'checks'],
    properties: {
      status: { enum: ['ready', 'not ready'] },
      checks: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            status: { enum: ['pass', 'fail'] },
            durationMs: { type: 'integer' },
          },
        },
      },
    },
  },
};

const READY: Operation = {
  id: 'getReady',
  tag: 'server',
  summary: 'Whether the server can do its work',
  access: 'public',
  answers: {
    200: { description: 'Every check passes.', contents: READINESS },
    503: { description: 'A check fails, or the server is about to stop.', contents: READINESS },
  },
};
