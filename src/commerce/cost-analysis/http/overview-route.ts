import type { FastifyRequest } from 'fastify';
import { readParameterLists, refuseOthers, toWireFreshness } from '../../../analysis/index.ts';
import { allows } from '../../../identity/index.ts';
import { hourStart, type Decimal } from '../../../kernel/index.ts';
import { accountsFor } from '../../accounts/index.ts';
import {
  behindItem,
  invoicingAttention,
  unpricedItem,
  type AttentionItem,
} from '../overview/attention.ts';
import {
  readOverview,
  type Overview,
  type PeriodTrend,
  type TopGroup,
} from '../overview/overview.ts';
import { toWireErrors } from './forecast-route.ts';
import { askedOf, READ, type Asked, type CostAnalysisApi } from './caller.ts';

const READ_INVOICES = 'Stackmeter.Billing/invoices/read';
/** Windows come every hour and are rated within minutes. */
const HOURS_BEHIND = 3;

/** Costs at a glance, and what needs somebody. */
export async function overviewRoute(
  api: CostAnalysisApi,
  request: FastifyRequest,
): Promise<object> {
  const principal = await api.authenticate(request);
  const parameters = readParameterLists(request);
  refuseOthers(parameters, ['account', 'view', 'currency']);
  const asked = await askedOf(api, principal, parameters);
  const { account, view, currency, currencies } = asked.viewpoint;
  const overview = await readOverview(api, asked.tree, asked.viewpoint);
  const { current, previous, compared, forecast, errors, top, unpriced, freshness } = overview;
  return {
    account: { id: account.accountId, name: account.name },
    view,
    currency,
    currencies,
    current: toWireTrend(current),
    previous: toWireTrend(previous),
    compared: {
      days: compared.days,
      current: compared.current.toText(),
      previous: compared.previous.toText(),
      ...(compared.changePercent !== undefined && { changePercent: compared.changePercent }),
    },
    ...(forecast && {
      forecast: {
        amount: forecast.amount.toText(),
        low: forecast.low.toText(),
        high: forecast.high.toText(),
        ...toWireErrors(errors),
      },
    }),
    top: {
      meters: top.meter.map(toWireTop),
      resources: top.resource.map(toWireTop),
      subscriptions: top.subscription.map(toWireTop),
    },
    unpriced,
    freshness: toWireFreshness(freshness),
    attention: await attentionOf(api, asked, overview),
  };
}

function toWireTrend({ period, amount, daily }: PeriodTrend): object {
  return {
    period: period.name,
    from: hourStart(period.fromHour).toString(),
    to: hourStart(period.toHour).toString(),
    amount: amount.toText(),
    daily: daily.map((one: Decimal) => one.toText()),
  };
}

function toWireTop({ key, name, amount, parent }: TopGroup): object {
  return { key, name, amount: amount.toText(), ...(parent && { parent }) };
}

/** What the caller may see of the account and those below it; how far rating is concerns who runs commerce. */
async function attentionOf(
  { database, clock }: CostAnalysisApi,
  { principal, tree, viewpoint: { account } }: Asked,
  { unpriced, hoursBehind }: Overview,
): Promise<AttentionItem[]> {
  const own = new Set(
    [account, ...tree.below(account.accountId)].map(({ accountId }) => accountId),
  );
  const seen = accountsFor(principal, READ_INVOICES, tree).flatMap(({ accountId }) =>
    own.has(accountId) ? [accountId] : [],
  );
  const today = clock.now().toString().slice(0, 10);
  const items = await invoicingAttention(database.pool, seen, today);
  const isBehind = hoursBehind !== undefined && hoursBehind > HOURS_BEHIND;
  return [
    ...unpricedItem(account.accountId, unpriced),
    ...items,
    ...(isBehind && allows(principal.grants, READ) ? [behindItem(hoursBehind)] : []),
  ];
}
