import type { SubscriptionId } from '../../../kernel/index.ts';
import {
  type Database,
  invalidProperty,
  makeSkipToken,
  type OperationParameter,
  originOf,
  pathOf,
  queryParameters,
  readSkipToken,
  readTokenKey,
} from '../../../platform/index.ts';
import { keyOfPrincipal } from '../../../identity/index.ts';
import type { AdminCall, DirectoryApi } from '../admin.ts';
import { listSubscriptionsOf, type SubscriptionFilter, type SubscriptionPage } from './list.ts';
import { toAdminSubscription } from './wire.ts';

/** Subscriptions on a page, unless fewer are asked for; as many rows as a page of usage has. */
const PAGE = 1000;

/**
 * A page of the subscriptions at or below the caller's provider, with the address of the next.
 *
 * @param filter what narrows the list besides
 * @throws InvalidProperty for a `$top` that cannot be, and a `$skiptoken` of another list, filter or caller
 */
export async function listPage(
  { database }: DirectoryApi,
  call: AdminCall,
  filter: Omit<SubscriptionFilter, 'provider' | 'includeIndirect'>,
): Promise<object> {
  const { provider, includeIndirect } = call;
  const below = { ...filter, provider: provider.subscriptionId, includeIndirect };
  const page = await readPage(database, call);
  const { subscriptions, next } = await listSubscriptionsOf(database.pool, below, page);
  const link = next && (await nextLink(database, call, next));
  return {
    value: subscriptions.map((one) => toAdminSubscription(one, provider.subscriptionId)),
    ...(link !== undefined && { nextLink: link }),
  };
}

async function readPage(database: Database, call: AdminCall): Promise<SubscriptionPage> {
  const parameters = queryParameters(call.request);
  const top = parameters.get('$top');
  const limit = top === undefined ? PAGE : Math.min(PAGE, Number.parseInt(top, 10));
  if (top !== undefined && !/^[1-9]\d{0,8}$/.test(top)) {
    throw invalidProperty('$top', top, 'it is a whole number from 1 on');
  }
  const token = parameters.get('$skiptoken');
  if (token === undefined) return { limit };
  return { after: readSkipToken(await readTokenKey(database.pool), listOf(call), token), limit };
}

/** The address of the next page: this one, from a later subscription on. */
async function nextLink(
  database: Database,
  call: AdminCall,
  next: SubscriptionId,
): Promise<string> {
  const { request } = call;
  const link = new URLSearchParams([...queryParameters(request)]);
  link.set('$skiptoken', makeSkipToken(await readTokenKey(database.pool), listOf(call), next));
  return `${originOf(request)}${pathOf(request)}?${link.toString()}`;
}

/** All that decides which subscriptions are listed. */
function listOf({ request, principal, includeIndirect }: AdminCall): string {
  const filter = queryParameters(request).get('$filter') ?? '';
  const path = pathOf(request).toLowerCase();
  return JSON.stringify([keyOfPrincipal(principal), path, includeIndirect, filter]);
}

export const PAGE_PARAMETERS: readonly OperationParameter[] = [
  {
    name: '$top',
    in: 'query',
    description: 'Subscriptions on a page; fewer than a thousand.',
    schema: { type: 'integer', minimum: 1 },
  },
  {
    name: '$skiptoken',
    in: 'query',
    description: 'From the nextLink of the page before.',
    schema: { type: 'string' },
  },
];
