import type { FastifyRequest } from 'fastify';
import { parseSubscriptionId } from '../../../kernel/index.ts';
import {
  originOf,
  pathOf,
  queryParameters,
  type OperationParameter,
} from '../../../platform/index.ts';
import { invalid } from '../fields.ts';
import type { SubscriptionPage } from './list.ts';

/** Subscriptions on a page, unless fewer are asked for; as many rows as a page of usage has. */
const PAGE = 1000;

/** @throws InvalidProperty for a `$top` or a `$skiptoken` that cannot be */
export function readPage(request: FastifyRequest): SubscriptionPage {
  const parameters = queryParameters(request);
  const top = parameters.get('$top');
  const limit = top === undefined ? PAGE : Math.min(PAGE, Number.parseInt(top, 10));
  if (top !== undefined && !/^[1-9]\d{0,8}$/.test(top)) {
    throw invalid('$top', top, 'it is a whole number from 1 on');
  }
  const token = parameters.get('$skiptoken');
  const after = token === undefined ? undefined : parseSubscriptionId(token);
  if (token !== undefined && after === undefined) {
    throw invalid('$skiptoken', token, 'it is that of a nextLink');
  }
  return { after, limit };
}

/** The address of the next page: this one, from a later subscription on. */
export function nextLink(request: FastifyRequest, next: string | undefined): string | undefined {
  if (next === undefined) return undefined;
  const link = new URLSearchParams([...queryParameters(request)]);
  link.set('$skiptoken', next);
  return `${originOf(request)}${pathOf(request)}?${link.toString()}`;
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
