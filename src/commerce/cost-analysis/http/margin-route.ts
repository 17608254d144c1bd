import type { FastifyRequest } from 'fastify';
import {
  readParameterLists,
  readRange,
  refuseOthers,
  wholeNumber,
} from '../../../analysis/index.ts';
import { hourStart } from '../../../kernel/index.ts';
import { marginOf, readMargins, sumMargins, type BuyerMargin } from '../margin.ts';
import { askedOf, checkHours, type CostAnalysisApi } from './caller.ts';

const MOST = 1000;

/** What a seller bought for each of its buyers, sold to it, and has left. */
export async function marginRoute(api: CostAnalysisApi, request: FastifyRequest): Promise<object> {
  const principal = await api.authenticate(request);
  const parameters = readParameterLists(request);
  refuseOthers(parameters, ['account', 'currency', 'from', 'to', 'limit']);
  const range = readRange(parameters, 'none');
  const limit = wholeNumber(parameters, 'limit', [1, MOST], 100);
  const { tree, viewpoint } = await askedOf(api, principal, parameters, 'selling');
  checkHours(viewpoint, range);
  const margins = await readMargins(api.database, tree, viewpoint, range);
  const { account, currencies } = viewpoint;
  const rest = margins.buyers.slice(limit);
  return {
    account: { id: account.accountId, name: account.name },
    from: hourStart(range.from).toString(),
    to: hourStart(range.to).toString(),
    currency: margins.currency,
    currencies,
    ...(margins.boughtCurrency !== undefined && { boughtCurrency: margins.boughtCurrency }),
    buyers: margins.buyers.slice(0, limit).map((one) => ({
      key: one.account.accountId,
      name: one.account.name,
      ...toWireMargin(one),
    })),
    ...(rest.length > 0 && { others: { count: rest.length, ...toWireMargin(sumMargins(rest)) } }),
    total: toWireMargin(sumMargins(margins.buyers)),
    ...(margins.ownUse !== undefined && { ownUse: margins.ownUse.toText() }),
    unpriced: margins.unpriced,
  };
}

function toWireMargin(sums: Pick<BuyerMargin, 'bought' | 'sold'>): object {
  const { margin, percent } = marginOf(sums);
  return {
    ...(sums.bought !== undefined && { bought: sums.bought.toText() }),
    sold: sums.sold.toText(),
    ...(margin !== undefined && { margin: margin.toText() }),
    ...(percent !== undefined && { percent: percent.toText() }),
  };
}
