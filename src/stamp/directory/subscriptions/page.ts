import {
  makeSkipToken,
  originOf,
  pathOf,
  queryParameters,
  readSkipToken,
  readTokenKey,
  type OperationParameter,
} from '../../../platform/index.ts';
import { keyOfPrincipal } from '../../../identity/index.ts';
import type { AdminCall, DirectoryApi } from '../admin.ts';
import { invalid } from '../fields.ts';
import type { SubscriptionPage } from './list.ts';

/** Subscriptions on a page, unless fewer are asked for; as many rows as a page of usage has. */
const PAGE = 1000;

/** @throws InvalidProperty for a `$top` that cannot be, and a `$skiptoken` of another list, filter or caller */
export async function readPage(
  { database }: DirectoryApi,
  call: AdminCall,
): Promise<SubscriptionPage> {
  const parameters = queryParameters(call.request);
  const top = parameters.get('$top');
  const limit = top === undefined ? PAGE : Math.min(PAGE, Number.parseInt(top, 10));
  if (top !== undefined && !/^[1-9]\d{0,8}$/.test(top)) {
    throw invalid('$top', top, 'it is a whole number from 1 on');
  }
  const token = parameters.get('$skiptoken');
  if (token === undefined) return { limit };
  return { after: readSkipToken(await readTokenKey(database.pool), listOf(call), token), limit };
}

/** The address of the next page: this one, from a later subscription on. */
export async function nextLink(
  { database }: DirectoryApi,
  call: AdminCall,
  next: SubscriptionPage['after'],
): Promise<string | undefined> {
  if (next === undefined) return undefined;
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
