import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, isGuid } from '../../kernel/index.ts';
import type { Clock } from '../clock.ts';
import { createMetrics, type Metrics } from '../telemetry/index.ts';
import { createAllowance, type Allowance, type Taken } from './allowance.ts';
import { decodedPathOf } from './origin.ts';

/** How many requests a caller may make. */
export interface Budget {
  /**
   * Takes the request from what its caller has left, which the answer then tells in a header. Each caller has one
   * allowance of reads and one of writes for each subscription, and one of each for what lies outside of all of them.
   *
   * @param caller what names the caller among all, once it is known
   * @param subscription the one that the request counts for; undefined for what lies outside of all, as requests for
   * subscriptions do that are not the caller's or not there, so that inventing some gains nothing
   * @throws TooManyRequests, with Retry-After, when nothing is left
   */
  spend(request: FastifyRequest, caller: string, subscription: string | undefined): void;
}

export interface BudgetOptions {
  readonly clock: Clock;
  readonly metrics?: Metrics;
  /** Reads an hour; 15,000, as with the original. */
  readonly readBudget?: number;
  /** Writes an hour; 1,200. */
  readonly writeBudget?: number;
}

const READS = 15_000;
const WRITES = 1_200;
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const SUBSCRIPTION = /^\/subscriptions\/([^/]+)/i;

/** What an answer says of the budget: name and value of its header. */
const headers = new WeakMap<FastifyRequest, readonly [name: string, value: string]>();

/**
 * The budget of one process, in its memory: a second process has one of its own. Two apps of one process share one.
 */
export function createBudget(options: BudgetOptions): Budget {
  const { clock, metrics = createMetrics(), readBudget = READS, writeBudget = WRITES } = options;
  const allowances = {
    reads: createAllowance({ clock, perHour: readBudget }),
    writes: createAllowance({ clock, perHour: writeBudget }),
  };
  const refused = metrics.counter({
    name: 'stackmeter_http_budget_refused_total',
    help: 'Requests turned away because their caller had spent its budget',
    labels: ['kind'],
  });
  return {
    spend(request, caller, subscription) {
      if (request.routeOptions.config.operation?.budget === 'none') return;
      const kind = READING.has(request.method) ? 'reads' : 'writes';
      const level = subscription === undefined ? 'tenant' : 'subscription';
      const taken = take(allowances[kind], caller, subscription);
      const header = `x-ms-ratelimit-remaining-${level}-${kind}`;
      headers.set(request, [header, String(taken.left)]);
      if (taken.granted) return;
      refused.inc({ kind });
      const perHour = kind === 'reads' ? readBudget : writeBudget;
      throw fail(
        'TooManyRequests',
        { limit: `${perHour} ${kind} an hour`, seconds: taken.retrySeconds },
        { headers: { 'retry-after': String(taken.retrySeconds) } },
      );
    },
  };
}

/** The subscription that the path is below of, in lower case. */
export function subscriptionInPath(request: FastifyRequest): string | undefined {
  const [, segment = ''] = SUBSCRIPTION.exec(decodedPathOf(request)) ?? [];
  return isGuid(segment) ? segment.toLowerCase() : undefined;
}

function take(allowance: Allowance, caller: string, subscription = ''): Taken {
  return allowance.take(`${caller} ${subscription}`);
}

/** Gives the app the budget, and its answers the header that tells what is left of it. */
export function budgetHeaders(app: FastifyInstance, budget: Budget): void {
  app.decorate('budget', budget);
  app.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, _payload, done) => {
    const header = headers.get(request);
    if (header !== undefined) reply.header(...header);
    done();
  });
}
