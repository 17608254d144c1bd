import { Decimal } from '../../kernel/index.ts';
import {
  invalidProperty,
  readFields,
  readParsed,
  readText,
  type Fields,
} from '../../platform/index.ts';
import { listPricings, toWirePricing, type PricingBasis } from './account-pricing.ts';
import type { AccountsApi } from './api.ts';
import { authorizeSeller } from './authorize.ts';
import { changePricing } from './change-pricing.ts';
import { nextHour, readHour } from './hours.ts';
import { READ, type AccountRoute } from './http.ts';
import { accountOperations as operations } from './operations.ts';

/** At which prices an account buys: for those who may see its seller, whose prices a markup would tell. */
export function pricingRoutes(api: AccountsApi): AccountRoute[] {
  const { database } = api;
  return [
    {
      method: 'GET',
      path: '/pricing',
      operation: operations.pricings,
      handle: async ({ account, principal }) => {
        await authorizeSeller(principal, READ, database.pool, account);
        return { value: (await listPricings(database.pool, account.accountId)).map(toWirePricing) };
      },
    },
    {
      method: 'POST',
      path: '/pricing',
      operation: operations.setPricing,
      handle: async ({ account: { accountId }, request, reply, changing }) => {
        const fields = readFields(request.body);
        const basis = readBasis(fields);
        const given = readText(fields, 'effectiveFrom');
        const next = nextHour(changing.clock);
        const from = given === undefined ? next : readHour('effectiveFrom', given);
        const correctPast = readTruth(fields, 'correctPast');
        const change = { accountId, basis, effectiveFrom: from, correctPast };
        const made = await changePricing(api, change, changing);
        return reply.code(201).send(toWirePricing(made));
      },
    },
  ];
}

/** @throws InvalidProperty unless there is one of the two */
export function readBasis(fields: Fields): PricingBasis {
  const rule = 'it is a decimal as text, such as 10 for ten percent';
  const priceListId = readText(fields, 'priceListId');
  const markupPercent = readParsed(fields, 'markupPercent', (text) => Decimal.parse(text), rule);
  if (priceListId !== undefined && markupPercent === undefined) return { priceListId };
  if (priceListId === undefined && markupPercent !== undefined) return { markupPercent };
  const one = 'give one of priceListId and markupPercent';
  throw invalidProperty('priceListId', priceListId ?? '', one);
}

function readTruth(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw invalidProperty(name, value, 'it is true or false');
}
