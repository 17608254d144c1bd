import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { clientWith } from '../../../../test/support/callers.ts';
import type { Principal, Role } from '../../../identity/index.ts';
import { Decimal, isJsonObject, type SubscriptionId } from '../../../kernel/index.ts';
import { buildApp, silentLog } from '../../../platform/index.ts';
import { summarizeCosts } from '../summaries/summarize.ts';
import type { CostRoom } from '../test-costs.ts';
import { costAnalysisRoutes } from './routes.ts';

type Grants = Principal['grants'];
export type Body = Readonly<Record<string, unknown>>;

export function grant(role: Role, subscriptionId?: SubscriptionId): Grants {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

/** In one order. */
export function textsOf(values: readonly unknown[]): string[] {
  return values.map(String).toSorted((one, other) => (one < other ? -1 : 1));
}

/** All that is used in a room. */
export const RANGE = 'from=2026-09-01&to=2026-12-01';

export function groupsOf(body: Body): Body[] {
  return Array.isArray(body['groups']) ? body['groups'].filter((one) => isJsonObject(one)) : [];
}

export function decimal(value: unknown): Decimal {
  return Decimal.parse(String(value))!;
}

export function codeOf({ body }: { body: Body }): unknown {
  return isJsonObject(body['error']) ? body['error']['code'] : undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
}

/** The interface of cost analysis over a room with usage, of the `describe` in which it is called. */
export interface TestInterface {
  /** Of the operator unless said otherwise. */
  readonly ask: (path: string, as?: Grants) => Promise<Answer>;
  /** How the stamp names subscriptions from now on. */
  readonly nameAs: (names: ReadonlyMap<SubscriptionId, string>) => void;
}

export function withInterface(room: CostRoom): TestInterface {
  let app: FastifyInstance;
  let grants: Grants = [];
  let names: ReadonlyMap<SubscriptionId, string> = new Map();
  before(async () => {
    app = await openApp(
      room,
      () => grants,
      () => names,
    );
    for (let seed = 1; seed <= 2; seed++) await room.report(150, seed);
    await summarizeCosts(room.test);
  });
  after(() => app.close());
  return {
    ask: async (path, as = grant('Operator')) => {
      grants = as;
      const url = path.startsWith('/') ? path : `/api/v1/${path}`;
      const answer = await app.inject({ method: 'GET', url, headers: { host: 'localhost' } });
      const body: unknown = JSON.parse(answer.body);
      return { status: answer.statusCode, body: isJsonObject(body) ? body : {}, text: answer.body };
    },
    nameAs: (given) => {
      names = given;
    },
  };
}

async function openApp(
  room: CostRoom,
  grantsOf: () => Grants,
  names: () => ReadonlyMap<SubscriptionId, string>,
): Promise<FastifyInstance> {
  const { clock, test } = room;
  const app = buildApp({ log: silentLog, clock });
  costAnalysisRoutes(app, {
    database: test.database,
    clock,
    namesOf: () => Promise.resolve(names()),
    authenticate: () => Promise.resolve(clientWith(grantsOf())),
  });
  await app.ready();
  return app;
}
