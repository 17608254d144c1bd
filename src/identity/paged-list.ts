import type { FastifyRequest } from 'fastify';
import { parseSubscriptionId } from '../kernel/index.ts';
import {
  makeSkipToken,
  nextLinkOf,
  pathOf,
  queryParameters,
  readSkipToken,
  readTokenKey,
  type Queryable,
} from '../platform/index.ts';
import { keyOfPrincipal } from './authenticate.ts';
import type { Principal } from './principal.ts';

/** A list that goes on by the ids of its items, as one caller asks for it. */
export interface PagedList {
  readonly db: Queryable;
  readonly request: FastifyRequest;
  readonly principal: Principal;
  /** Items on a page. */
  readonly size: number;
}

/** Which items are read: up to one more than are on a page, which tells that there is another. */
export interface PageRange {
  /** Id of the last item of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * A page of a list as clients read it, with the address of the next.
 *
 * @param idOf a GUID by which the list goes on
 * @throws InvalidProperty for a `$skiptoken` of another list or caller
 */
export async function pageAnswer<T>(
  list: PagedList,
  read: (range: PageRange) => Promise<readonly T[]>,
  idOf: (item: T) => string,
  toWire: (item: T) => object,
): Promise<object> {
  const { db, request, size } = list;
  const parameters = queryParameters(request);
  const token = parameters.get('$skiptoken');
  const key = await readTokenKey(db);
  const name = nameOf(list);
  const after = token === undefined ? undefined : readSkipToken(key, name, token);
  const items = await read({ after, limit: size + 1 });
  const value = items.slice(0, size).map(toWire);
  const last = items.length > size ? items[size - 1] : undefined;
  const id = last && parseSubscriptionId(idOf(last));
  if (id === undefined) return { value };
  return { value, nextLink: nextLinkOf(request, makeSkipToken(key, name, id)) };
}

/** All that decides what is listed. */
function nameOf({ request, principal }: PagedList): string {
  const parameters = [...queryParameters(request)].filter(([name]) => name !== '$skiptoken');
  return JSON.stringify([
    keyOfPrincipal(principal),
    pathOf(request).toLowerCase(),
    parameters.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}
