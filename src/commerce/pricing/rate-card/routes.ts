import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  fail,
  hourOf,
  hourStart,
  isGuid,
  parseSubscriptionId,
  StackmeterError,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { authorize, type Authenticate } from '../../../identity/index.ts';
import {
  makeContinuationToken,
  originOf,
  queryParameters,
  readContinuationToken,
  readTokenKey,
  requireApiVersion,
  type Clock,
  type Database,
} from '../../../platform/index.ts';
import { findCommerceSubscription, type CommerceSubscription } from '../../registration/index.ts';
import { listCommerceMeters } from '../../reported-usage/index.ts';
import { priceListToWire } from '../lists/content.ts';
import { termToWire } from '../terms/term.ts';
import {
  atHour,
  currencyOf,
  itemsPaid,
  metersById,
  writeRateCard,
  type PricesInForce,
} from './card.ts';
import { parseRateCardFilter, type RateCardFilter } from './filter.ts';
import { isOfferOf } from './offers.ts';
import { RATE_CARD_VERSIONS, rateCardOperations as operations } from './operations.ts';

/** Who knows at which prices a subscription buys: undefined when none are set. */
export interface RateCardPrices {
  readonly pricesOf: (subscriptionId: SubscriptionId) => Promise<PricesInForce | undefined>;
}

interface RateCardApi extends RateCardPrices {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

const ACTION = 'Microsoft.Commerce/rateCard/read';
const CARD = '/subscriptions/:subscriptionId/providers/Microsoft.Commerce/RateCard';
const DOCUMENTS = '/api/v1/rate-card-documents';
const OWN_CARD = '/api/v1/rate-cards/:subscriptionId';

/** How long the address of a document can be followed. */
const LASTS_MS = 10 * 60 * 1000;
/** What a token of an address is signed for, besides what it holds. */
const PURPOSE = 'rate card document';

/** As of the cloud: no code, and no word about which of the terms it was. */
const REFUSAL = {
  Message:
    'No rate card fits the request. In $filter give valid values of all of OfferDurableId, Currency, Locale and RegionInfo.',
};

interface Item {
  Params: { subscriptionId: string };
}

/** The rate card as the cloud gives it, by way of an address that needs no token, and in a form of our own. */
export function rateCardRoutes(app: FastifyInstance, api: RateCardApi): void {
  const tokenKey = readTokenKey(api.database.pool);
  // Awaited by the first request that needs it; a failure is told there.
  tokenKey.catch(() => undefined);
  app.get<Item>(CARD, { config: { operation: operations.card } }, async (request, reply) => {
    const subscription = await subscriptionOf(api, request, true);
    const filter = parseRateCardFilter(queryParameters(request).get('$filter') ?? '');
    const prices = filter && (await pricesFor(api, subscription, filter));
    if (filter === undefined || prices === undefined) return refuse(reply);
    const token = makeContinuationToken(await tokenKey, PURPOSE, [
      subscription.subscriptionId,
      filter.offerDurableId,
      filter.currency,
      filter.locale,
      filter.regionInfo,
      api.clock.now().epochMilliseconds + LASTS_MS,
    ]);
    return reply.redirect(`${originOf(request)}${DOCUMENTS}/${token}`, 302);
  });
  app.get<{ Params: { token: string } }>(
    `${DOCUMENTS}/:token`,
    { config: { operation: operations.document } },
    async (request, reply) => {
      const asked = readToken(await tokenKey, request.params.token, api.clock);
      const known =
        asked && (await findCommerceSubscription(api.database.pool, asked.subscriptionId));
      const prices = known && (await pricesFor(api, known, asked.filter));
      if (asked === undefined || prices === undefined) {
        throw fail('NotFound', { path: `${DOCUMENTS}/...` });
      }
      const meters = metersById(await listCommerceMeters(api.database.pool));
      const current = atHour(prices, hourOf(api.clock.now()));
      const card = writeRateCard(current, meters, asked.filter);
      return reply.type('application/json; charset=utf-8').send(card);
    },
  );
  app.get<Item>(OWN_CARD, { config: { operation: operations.ownCard } }, async (request) => {
    const { subscriptionId } = await subscriptionOf(api, request, false);
    const prices = await api.pricesOf(subscriptionId);
    if (prices === undefined) throw fail('PriceListNotFound', { priceList: subscriptionId });
    return toWireCard(subscriptionId, atHour(prices, hourOf(api.clock.now())));
  });
}

/** @throws AuthorizationFailed, MissingApiVersionParameter, InvalidApiVersionParameter, SubscriptionNotFound */
async function subscriptionOf(
  { database, authenticate }: RateCardApi,
  request: FastifyRequest<Item>,
  isVersioned: boolean,
): Promise<CommerceSubscription> {
  const { subscriptionId: text } = request.params;
  authorize(await authenticate(request), ACTION, { subscriptionId: text });
  if (isVersioned) requireApiVersion(request, RATE_CARD_VERSIONS);
  const id = parseSubscriptionId(text);
  const subscription = id && (await findCommerceSubscription(database.pool, id));
  if (subscription === undefined) throw fail('SubscriptionNotFound', { subscriptionId: text });
  return subscription;
}

/** The prices that a filter asks for, when they are those of the subscription. */
async function pricesFor(
  api: RateCardApi,
  { kind, subscriptionId }: CommerceSubscription,
  { offerDurableId, currency }: RateCardFilter,
): Promise<PricesInForce | undefined> {
  if (!isOfferOf(kind, offerDurableId)) return undefined;
  const prices = await api.pricesOf(subscriptionId);
  return prices !== undefined && currencyOf(prices) === currency.toUpperCase() ? prices : undefined;
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply.code(400).type('application/json; charset=utf-8').send(JSON.stringify(REFUSAL));
}

/** What a token was made for; undefined when it is altered or its time is over. */
function readToken(
  key: Buffer,
  token: string,
  clock: Clock,
): { readonly subscriptionId: SubscriptionId; readonly filter: RateCardFilter } | undefined {
  try {
    return readContinuationToken(key, PURPOSE, token, (fields) => {
      const [id, offerDurableId, currency, locale, regionInfo, until] = fields.map(String);
      const subscriptionId = id !== undefined && isGuid(id) ? parseSubscriptionId(id) : undefined;
      if (subscriptionId === undefined || offerDurableId === undefined) return undefined;
      if (currency === undefined || locale === undefined || regionInfo === undefined)
        return undefined;
      const isOver = Number.parseInt(until ?? '0', 10) <= clock.now().epochMilliseconds;
      const filter = { offerDurableId, currency, locale, regionInfo };
      return isOver ? undefined : { subscriptionId, filter };
    });
  } catch (error) {
    if (error instanceof StackmeterError) return undefined;
    throw error;
  }
}

/**
 * All of the prices as they are paid, their kinds too. By which list, by which factor and at which rate of exchange is
 * between the seller and those above it.
 */
function toWireCard(subscriptionId: SubscriptionId, prices: PricesInForce): object {
  const { version, terms } = prices;
  const currency = currencyOf(prices);
  const { items } = priceListToWire({ name: '', currency, items: itemsPaid(prices) });
  return {
    subscriptionId,
    currency,
    effectiveFrom: hourStart(version.effectiveFrom).toString(),
    sample: version.sample,
    items,
    terms: (terms ?? []).map(({ name, definition }) => ({ name, ...termToWire(definition) })),
  };
}
