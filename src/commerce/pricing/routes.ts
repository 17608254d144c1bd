import type { FastifyInstance, FastifyRequest } from 'fastify';
import { dayOf, fail, hourOf, hourStart, parseWireTime } from '../../kernel/index.ts';
import { actorOf, authorize, type Authenticate, type Changing } from '../../identity/index.ts';
import {
  invalidProperty,
  orConflict,
  readCount,
  readFields,
  readList,
  readParsed,
  readText,
  requireText,
  type Clock,
  type Fields,
  type Queryable,
} from '../../platform/index.ts';
import { parsePriceListId } from './lists/publish.ts';
import { publishVersion, type Publishing } from './lists/publishing.ts';
import { findPriceListVersion, listPriceLists, priceListVersions } from './lists/store.ts';
import { versionAt } from './lists/versions.ts';
import { pricingOperations as operations } from './operations.ts';
import type { PriceListVersion } from './price.ts';
import { quote, type QuotedUsage } from './quote.ts';
import { rateCardRoutes, type RateCardPrices } from './rate-card/routes.ts';
import { listExchangeRates, setExchangeRate, toWireExchangeRate } from './rates/exchange-rate.ts';
import {
  readNewExchangeRate,
  readNewTaxRate,
  readNewVersion,
  requireContent,
  requireDecimal,
} from './reading.ts';
import { listTaxRates, setTaxRate, toWireTaxRate } from './taxes/store.ts';
import { toWirePriceList, toWireQuote, toWireVersion, toWireWholeVersion } from './wire.ts';

/** What the routes of pricing work with. */
export interface PricingApi extends Publishing, RateCardPrices {
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

const LISTS = '/api/v1/price-lists';
const LIST = `${LISTS}/:priceListId`;
const RATES = '/api/v1/exchange-rates';
const TAXES = '/api/v1/tax-rates';

/** As of reported usage. */
const QUANTITY_DIGITS = 30;

const READ = 'Stackmeter.Billing/prices/read';
const WRITE = 'Stackmeter.Billing/prices/write';

interface Item {
  Params: { priceListId: string };
}

/** Price lists, rates of exchange, taxes and quotes for operators; rate cards for whoever pays. */
export function pricingRoutes(app: FastifyInstance, api: PricingApi): void {
  priceListRoutes(app, api);
  tableRoutes(app, api);
  app.post('/api/v1/quotes', { config: { operation: operations.quote } }, async (request) => {
    authorize(await api.authenticate(request), READ);
    return answerQuote(api, readFields(request.body));
  });
  rateCardRoutes(app, api);
}

async function changingOf(api: PricingApi, request: FastifyRequest): Promise<Changing> {
  const principal = await api.authenticate(request);
  authorize(principal, WRITE);
  return { clock: api.clock, actor: actorOf(principal) };
}

function priceListRoutes(app: FastifyInstance, api: PricingApi): void {
  const { pool } = api.database;
  app.get(LISTS, { config: { operation: operations.listPriceLists } }, async (request) => {
    authorize(await api.authenticate(request), READ);
    return { value: (await listPriceLists(pool)).map(toWirePriceList) };
  });
  app.get<Item>(LIST, { config: { operation: operations.showPriceList } }, async (request) => {
    authorize(await api.authenticate(request), READ);
    const versions = await requireVersions(pool, request.params.priceListId);
    const newest = versions.at(-1);
    const inForce = versionAt(versions, hourOf(api.clock.now()));
    return {
      priceListId: newest?.priceListId,
      name: newest?.content.name,
      currency: newest?.content.currency,
      ...(inForce && { inForce: inForce.version }),
      versions: versions.map(toWireVersion),
    };
  });
  app.put<Item>(
    LIST,
    { config: { operation: operations.putPriceList } },
    async (request, reply) => {
      const { priceListId } = request.params;
      // Checked when it is published, where there is no such list to be found yet.
      const id = parsePriceListId(priceListId) ?? priceListId;
      const changing = await changingOf(api, request);
      const wanted = readNewVersion(readFields(request.body), id, api.clock.now());
      const { version, isKnown } = await orConflict(() =>
        publishVersion(api, wanted, changing, { once: true }),
      );
      const isNew = version.version === 1 && !isKnown;
      return reply.code(isNew ? 201 : 200).send(toWireWholeVersion(version));
    },
  );
  app.post<Item>(
    `${LIST}/versions`,
    { config: { operation: operations.publishVersion } },
    async (request, reply) => {
      const changing = await changingOf(api, request);
      const id = await requireList(pool, request.params.priceListId);
      const wanted = readNewVersion(readFields(request.body), id, api.clock.now());
      const { version } = await orConflict(() => publishVersion(api, wanted, changing));
      return reply.code(201).send(toWireWholeVersion(version));
    },
  );
  app.get<{ Params: { priceListId: string; version: string } }>(
    `${LIST}/versions/:version`,
    { config: { operation: operations.showVersion } },
    async (request) => {
      authorize(await api.authenticate(request), READ);
      const { priceListId, version } = request.params;
      const number = /^[1-9]\d{0,8}$/.test(version) ? Number.parseInt(version, 10) : 0;
      return toWireWholeVersion(await requireVersion(pool, priceListId, number));
    },
  );
}

function tableRoutes(app: FastifyInstance, api: PricingApi): void {
  const { pool } = api.database;
  app.get(RATES, { config: { operation: operations.listExchangeRates } }, async (request) => {
    authorize(await api.authenticate(request), READ);
    return { value: (await listExchangeRates(pool)).map(toWireExchangeRate) };
  });
  app.put(RATES, { config: { operation: operations.putExchangeRate } }, async (request) => {
    const changing = await changingOf(api, request);
    const wanted = readNewExchangeRate(readFields(request.body));
    const made = await api.database.transaction((tx) => setExchangeRate(tx, wanted, changing));
    await api.followPriceChanges();
    return toWireExchangeRate(made);
  });
  app.get(TAXES, { config: { operation: operations.listTaxRates } }, async (request) => {
    authorize(await api.authenticate(request), READ);
    return { value: (await listTaxRates(pool)).map(toWireTaxRate) };
  });
  app.post(TAXES, { config: { operation: operations.addTaxRate } }, async (request, reply) => {
    const changing = await changingOf(api, request);
    const wanted = readNewTaxRate(readFields(request.body), dayOf(api.clock.now()));
    const made = await api.database.transaction((tx) => setTaxRate(tx, wanted, changing));
    return reply.code(201).send(toWireTaxRate(made));
  });
}

/** All versions of a list that is named in any case. @throws PriceListNotFound */
async function requireVersions(db: Queryable, text: string): Promise<PriceListVersion[]> {
  const id = parsePriceListId(text);
  const versions = id === undefined ? [] : await priceListVersions(db, id);
  if (versions.length === 0) throw fail('PriceListNotFound', { priceList: text });
  return versions;
}

async function requireList(db: Queryable, text: string): Promise<string> {
  const [first] = await requireVersions(db, text);
  return first?.priceListId ?? text;
}

async function requireVersion(
  db: Queryable,
  text: string,
  number: number,
): Promise<PriceListVersion> {
  const id = parsePriceListId(text);
  const version = id && (await findPriceListVersion(db, id, number));
  if (version) return version;
  throw fail('PriceListNotFound', { priceList: `${text} version ${number}` });
}

async function answerQuote({ database, clock }: PricingApi, fields: Fields): Promise<object> {
  const timeRule = 'it is a time such as 2026-11-01T00:00Z';
  const at = readParsed(fields, 'at', parseWireTime, timeRule) ?? clock.now();
  const usage = readUsage(fields);
  const date = at.toString().slice(0, 10);
  if (fields['content'] !== undefined) {
    if (fields['priceListId'] !== undefined) {
      const rule = 'either a price list is named or its content sent';
      throw invalidProperty('priceListId', fields['priceListId'], rule);
    }
    const content = requireContent(fields['content']);
    return toWireQuote(quote(content, usage, { priceList: content.name, date }), undefined);
  }
  const priceListId = requireText(fields, 'priceListId');
  const number = readCount(fields, 'version');
  const version =
    number === undefined
      ? versionAt(await requireVersions(database.pool, priceListId), hourOf(at))
      : await requireVersion(database.pool, priceListId, number);
  if (version === undefined) {
    const start = hourStart(hourOf(at)).toString();
    throw invalidProperty('at', start, 'no version of the price list is in force then');
  }
  return toWireQuote(quote(version.content, usage, { priceList: priceListId, date }), version);
}

function readUsage(fields: Fields): QuotedUsage[] {
  const list = readList(fields, 'usage');
  if (list === undefined) throw invalidProperty('usage', '', 'it has to be given');
  return list.map((entry) => {
    const one = readFields(entry);
    const quantity = requireDecimal(one, 'quantity');
    if (quantity.digits() > QUANTITY_DIGITS || quantity.scale > QUANTITY_DIGITS) {
      throw invalidProperty(
        'quantity',
        one['quantity'],
        `it has at most ${QUANTITY_DIGITS} digits`,
      );
    }
    return {
      meterId: requireText(one, 'meterId'),
      quantity,
      subscriptionId: readText(one, 'subscriptionId'),
    };
  });
}
