import { after, before } from 'node:test';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { somebody } from '../../../test/support/callers.ts';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import type { Grants, Role } from '../../identity/index.ts';
import { type HourNumber, type SubscriptionId } from '../../kernel/index.ts';
import { buildApp, fixedClock, silentLog, type FixedClock } from '../../platform/index.ts';
import { listPriceChanges, removePriceChanges } from './price-changes.ts';
import type { PricesInForce } from './rate-card/card.ts';
import { pricingRoutes } from './routes.ts';

export const START = Temporal.Instant.from('2026-11-23T11:05:00Z');
const OPERATOR = grantOf('Operator');
/** One role, on a subscription or on everything. */
export function grantOf(role: Role, subscriptionId?: SubscriptionId): Grants {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

/** The text of an error's code in an answer. */
export function codeOf(answer: LightMyRequestResponse): string {
  return answer.json<{ error?: { code?: string } }>().error?.code ?? '';
}

export interface AskOptions {
  readonly method?: 'GET' | 'PUT' | 'POST';
  readonly body?: unknown;
  readonly grants?: Grants;
}

/** What tests see of an app with the routes of pricing. */
export interface PricingApiOfTest {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  /** What the rest of a server would know. */
  readonly state: { ratedUpTo: HourNumber | undefined; prices?: PricesInForce };
  /** The changes that rating was to follow: list and hour. */
  readonly queued: string[];
  /** As an operator unless told otherwise. */
  readonly ask: (url: string, options?: AskOptions) => Promise<LightMyRequestResponse>;
}

/** Gives the `describe` in which it is called an app with the routes of pricing, and a database. */
export function withPricingApi(): PricingApiOfTest {
  const test = withTestDatabase();
  const clock = fixedClock(START);
  const queued: string[] = [];
  const state: PricingApiOfTest['state'] = { ratedUpTo: undefined };
  let caller: Grants = [];
  let app: FastifyInstance | undefined;
  before(async () => {
    app = buildApp({ log: silentLog, clock });
    pricingRoutes(app, {
      database: test.database,
      clock,
      authenticate: () => Promise.resolve({ ...somebody(), grants: caller }),
      ratedUpTo: () => Promise.resolve(state.ratedUpTo),
      followPriceChanges: async () => {
        const changes = await listPriceChanges(test.database.pool);
        queued.push(...changes.map(({ priceListId = '', from }) => `${priceListId} ${from}`));
        await removePriceChanges(test.database.pool, changes);
      },
      pricesOf: () => Promise.resolve(state.prices),
    });
    await app.ready();
  });
  after(() => app?.close());
  const ask: PricingApiOfTest['ask'] = async (
    url,
    { method = 'GET', body, grants = OPERATOR }: AskOptions = {},
  ) => {
    caller = grants;
    return app!.inject({
      method,
      url,
      headers: { host: 'localhost:9443', 'content-type': 'application/json' },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
  };
  return { test, clock, state, queued, ask };
}
