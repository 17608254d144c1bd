import type { FastifyInstance } from 'fastify';
import { type HourNumber } from '../../kernel/index.ts';
import {
  invalidProperty,
  originOf,
  queryParameters,
  readFields,
  readParsed,
  readText,
  type Fields,
} from '../../platform/index.ts';
import { actorOf, authorize } from '../../identity/index.ts';
import { parseBillingModel, windowName } from '../../reporting/index.ts';
import { activationRoutes } from './activation-routes.ts';
import type { BridgeApi } from './api.ts';
import { makeRegistrationToken, type RegistrationWish } from './activating.ts';
import { dryRun } from './dry-run.ts';
import { bridgeOperations } from './operations.ts';
import { rotateBridgeKey } from './rotate.ts';
import { parseHour, readBridgeStatus, toWireDryRun, toWireSent } from './status.ts';
import { listSentWindows } from './store.ts';

const READ = 'Microsoft.AzureBridge.Admin/activations/read';
const WRITE = 'Microsoft.AzureBridge.Admin/activations/write';
const PAGE = 500;
const LAST_WINDOW = 2 ** 31 - 1;
const HOUR_RULE = 'it has to be an hour like 2026-11-23T10Z or the time at which one begins';

/** The activation as a resource of the stamp, and how reporting goes. For operators. */
export function bridgeRoutes(app: FastifyInstance, api: BridgeApi): void {
  activationRoutes(app, api);
  app.post(
    '/api/v1/bridge/registration-token',
    { config: { operation: bridgeOperations.token } },
    async (request) => {
      const principal = await api.authenticate(request);
      authorize(principal, WRITE);
      const changing = { clock: api.clock, actor: actorOf(principal) };
      const wish = readWish(readFields(request.body));
      return { registrationToken: await makeRegistrationToken(api, wish, changing) };
    },
  );
  app.get('/api/v1/bridge', { config: { operation: bridgeOperations.status } }, async (request) => {
    authorize(await api.authenticate(request), READ);
    return readBridgeStatus(api);
  });
  app.get(
    '/api/v1/bridge/windows',
    { config: { operation: bridgeOperations.windows } },
    async (request) => {
      authorize(await api.authenticate(request), READ);
      const query = queryParameters(request);
      const from = readHour(query, 'from') ?? 0;
      const to = readHour(query, 'to');
      const range = { from, to: to ?? LAST_WINDOW, limit: PAGE + 1 };
      const found = await listSentWindows(api.database.pool, range);
      const next = found[PAGE]?.window;
      return {
        value: found.slice(0, PAGE).map(toWireSent),
        ...(next !== undefined && { nextLink: nextLink(originOf(request), next, to) }),
      };
    },
  );
  app.get(
    '/api/v1/bridge/dry-run',
    { config: { operation: bridgeOperations.dryRun } },
    async (request) => {
      authorize(await api.authenticate(request), READ);
      const window = readHour(queryParameters(request), 'window');
      return toWireDryRun(await dryRun(api, { window }));
    },
  );
  app.post(
    '/api/v1/bridge/rotate-key',
    { config: { operation: bridgeOperations.rotate } },
    async (request) => {
      const principal = await api.authenticate(request);
      authorize(principal, WRITE);
      return rotateBridgeKey(api, { clock: api.clock, actor: actorOf(principal) });
    },
  );
}

function nextLink(origin: string, from: HourNumber, to: HourNumber | undefined): string {
  const query = new URLSearchParams({
    from: windowName(from),
    ...(to !== undefined && { to: windowName(to) }),
  });
  return `${origin}/api/v1/bridge/windows?${query.toString()}`;
}

function readHour(query: ReadonlyMap<string, string>, name: string): HourNumber | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  const hour = parseHour(text);
  if (hour === undefined) throw invalidProperty(name, text, HOUR_RULE);
  return hour;
}

/** @throws InvalidProperty */
function readWish(fields: Fields): RegistrationWish {
  const rule = 'it has to be PayAsYouUse, Capacity, Development, Custom or Ruggedized';
  const billingModel = readParsed(fields, 'billingModel', parseBillingModel, rule);
  if (billingModel === undefined) throw invalidProperty('billingModel', '', rule);
  return {
    billingModel,
    usageReporting: readSwitch(fields, 'usageReporting'),
    marketplaceSyndication: readSwitch(fields, 'marketplaceSyndication'),
    agreementNumber: readText(fields, 'agreementNumber', 100),
    assetTag: readText(fields, 'assetTag', 100),
    from: readParsed(fields, 'from', parseHour, HOUR_RULE),
  };
}

function readSwitch(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null || typeof value === 'boolean')
    return value ?? undefined;
  throw invalidProperty(name, value, 'it is true or false');
}
