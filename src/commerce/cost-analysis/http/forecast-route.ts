import type { FastifyRequest } from 'fastify';
import {
  readFilters,
  readParameterLists,
  refuseOthers,
  toWireFreshness,
} from '../../../analysis/index.ts';
import { hourStart } from '../../../kernel/index.ts';
import { meanPercent, type PastForecast } from '../forecast/past-periods.ts';
import { forecastPeriod, periodQuestion } from '../forecast/present-period.ts';
import { readGround } from '../query/ground.ts';
import { freshnessOf } from '../query/read-costs.ts';
import { readFrom } from '../reader.ts';
import { askedOf, VIEWPOINT_PARAMETERS, type CostAnalysisApi } from './caller.ts';
import { costOffer } from './operations.ts';

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
  const question = periodQuestion(clock, viewpoint, filters, buyers);
  const { present } = question;
  return readFrom(
    database,
    viewpoint,
    (tx) => readGround(tx, viewpoint, question, { tree }),
    async (tx, ground) => {
      const { total, unpriced, forecast, errors } = await forecastPeriod(tx, ground, question);
      return {
        account: { id: account.accountId, name: account.name },
        view,
        currency,
        currencies,
        period: present.name,
        from: hourStart(present.fromHour).toString(),
        to: hourStart(present.toHour).toString(),
        amount: total.toText(),
        unpriced,
        ...(forecast && {
          forecast: forecast.amount.toText(),
          low: forecast.low.toText(),
          high: forecast.high.toText(),
        }),
        ...toWireErrors(errors),
        freshness: toWireFreshness(freshnessOf(ground)),
      };
    },
  );
}

/** Absent where nothing can be told. */
export function toWireErrors(errors: readonly PastForecast[]): object {
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
