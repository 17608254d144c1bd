import type { FastifyRequest } from 'fastify';
import {
  readFilters,
  readParameterLists,
  refuseOthers,
  toWireFreshness,
} from '../../../analysis/index.ts';
import { hourOf, hourStart } from '../../../kernel/index.ts';
import { periodBounds } from '../../accounts/index.ts';
import { daysToCome, pastCosts } from '../forecast/forecast-of.ts';
import { forecast, SEEN_DAYS } from '../forecast/forecast.ts';
import {
  meanPercent,
  pastForecasts,
  periodsBefore,
  type PastForecast,
} from '../forecast/past-periods.ts';
import { costsBy } from '../query/cost-store.ts';
import { readGround } from '../query/ground.ts';
import { freshnessOf, selectionOf } from '../query/read-costs.ts';
import { readFrom } from '../reader.ts';
import { askedOf, VIEWPOINT_PARAMETERS, type CostAnalysisApi } from './caller.ts';
import { costOffer } from './operations.ts';

const HOURS_PER_DAY = 24;

/** What the present period costs so far and by its end, and how good such forecasts were. */
export async function forecastRoute(
  api: CostAnalysisApi,
  request: FastifyRequest,
): Promise<object> {
  const { database, clock } = api;
  const principal = await api.authenticate(request);
  const parameters = readParameterLists(request);
  const dimensions = costOffer.dimensions.filter((one) => one !== 'account');
  refuseOthers(parameters, [...dimensions, 'tag', ...VIEWPOINT_PARAMETERS]);
  const filters = readFilters(parameters, dimensions);
  const { tree, viewpoint, buyers } = await askedOf(api, principal, parameters);
  const { account, view, currency, currencies } = viewpoint;
  const period = periodBounds(account, hourOf(clock.now()));
  const before = periodsBefore(account, period);
  const firstHour = Math.max(0, (before.at(-1) ?? period).fromHour - SEEN_DAYS * HOURS_PER_DAY);
  const question = { viewpoint, filters, buyers, from: firstHour, to: period.toHour };
  return readFrom(
    database,
    viewpoint,
    (tx) => readGround(tx, viewpoint, question, tree),
    async (tx, ground) => {
      const range = { from: period.fromHour, to: period.toHour };
      const own = selectionOf(ground, { ...question, ...range });
      const { total, unpriced } = await costsBy(tx, ground, own, undefined);
      const known = ground.summarizedTo ?? period.fromHour;
      const days = Math.max(0, Math.floor((known - firstHour) / HOURS_PER_DAY));
      const past = await pastCosts(tx, ground, question, days);
      const expected = forecast(total, past, daysToCome(known, range));
      const daysKnown = Math.max(0, Math.floor((known - period.fromHour) / HOURS_PER_DAY));
      const errors = pastForecasts(past, before, daysKnown);
      return {
        account: { id: account.accountId, name: account.name },
        view,
        currency,
        currencies,
        period: period.name,
        from: hourStart(period.fromHour).toString(),
        to: hourStart(period.toHour).toString(),
        amount: total.toText(),
        unpriced,
        ...(expected && {
          forecast: expected.amount.toText(),
          low: expected.low.toText(),
          high: expected.high.toText(),
        }),
        ...toWireErrors(errors),
        freshness: toWireFreshness(freshnessOf(ground)),
      };
    },
  );
}

function toWireErrors(errors: readonly PastForecast[]): object {
  const percent = meanPercent(errors);
  if (percent === undefined) return {};
  return {
    error: {
      percent: percent.toText(),
      periods: errors.map((one) => ({
        period: one.period.name,
        forecast: one.forecast.toText(),
        actual: one.actual.toText(),
        percent: one.percent.toText(),
      })),
    },
  };
}
