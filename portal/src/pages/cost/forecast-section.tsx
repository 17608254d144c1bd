import type { ReactNode } from 'react';
import { may } from '../../app/area.ts';
import { useViewer } from '../../app/viewer.tsx';
import { useAnswer, type Page } from '../../api/hooks.ts';
import type { AnalysisAnswer } from '../../api/types/analysis.ts';
import type { Budget } from '../../api/types/budgets.ts';
import type { CostForecast, PastForecast } from '../../api/types/cost.ts';
import {
  Cards,
  ChartView,
  type Column,
  DataTable,
  ErrorNotice,
  Figure,
  Money,
  Percent,
  Section,
} from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { lastInstant } from '../analysis/period.ts';
import { forecastQuery, pathOf, type Question } from '../analysis/query.ts';
import { budgetsPath } from '../budgets/paths.ts';
import { cumulative, lineTo } from './cumulative.ts';

/** The open period: what it has cost, what it is expected to cost, and how far that is to be trusted. */
export function ForecastSection({
  question,
  zone,
}: {
  readonly question: Question;
  /** In which the billing periods of the account begin. */
  readonly zone: string;
}): ReactNode {
  const say = useSay();
  const { data, error, refetch } = useAnswer<CostForecast>(
    '/api/v1/cost-analysis/forecast',
    forecastQuery(question),
    { keep: true },
  );
  return (
    <Section title={say('cost.forecast')}>
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {data !== undefined && (
        <>
          <Cards>
            <Figures forecast={data} zone={zone} />
          </Cards>
          <Course question={question} forecast={data} />
          {data.error !== undefined && (
            <PastForecasts periods={data.error.periods} currency={data.currency} />
          )}
        </>
      )}
    </Section>
  );
}

function Figures({
  forecast: data,
  zone,
}: {
  readonly forecast: CostForecast;
  readonly zone: string;
}): ReactNode {
  const say = useSay();
  const format = useFormats();
  const { currency, from, to, amount, forecast, low, high, error } = data;
  const span = say('cost.forecast.span', {
    from: format.time(from, 'day', zone),
    to: format.time(lastInstant(to), 'day', zone),
  });
  const hasRange = low !== undefined && high !== undefined;
  return (
    <>
      <Figure
        label={say('cost.forecast.soFar')}
        value={<Money amount={amount} currency={currency} />}
        hint={span}
      />
      <Figure
        label={say('cost.forecast.expected')}
        value={forecast === undefined ? '-' : <Money amount={forecast} currency={currency} />}
        hint={
          forecast === undefined
            ? say('cost.forecast.none')
            : hasRange &&
              say('cost.forecast.range', {
                low: format.money(low, currency),
                high: format.money(high, currency),
              })
        }
      />
      {error !== undefined && (
        <Figure
          label={say('cost.forecast.error')}
          value={<Percent value={error.percent} />}
          hint={say('cost.forecast.error.hint')}
        />
      )}
    </>
  );
}

/** How the same method did in past periods, at the same day of each. */
function PastForecasts({
  periods,
  currency,
}: {
  readonly periods: readonly PastForecast[];
  readonly currency: string;
}): ReactNode {
  const say = useSay();
  const format = useFormats();
  const columns: readonly Column<PastForecast>[] = [
    {
      id: 'period',
      title: say('cost.past.period'),
      cell: ({ period }) => format.period(period),
    },
    {
      id: 'forecast',
      title: say('cost.past.forecast'),
      align: 'end',
      cell: ({ forecast }) => <Money amount={forecast} currency={currency} />,
    },
    {
      id: 'actual',
      title: say('cost.past.actual'),
      align: 'end',
      cell: ({ actual }) => <Money amount={actual} currency={currency} />,
    },
    {
      id: 'percent',
      title: say('cost.past.error'),
      align: 'end',
      cell: ({ percent }) => <Percent value={percent} least={1} />,
    },
  ];
  return (
    <DataTable
      caption={say('cost.past')}
      columns={columns}
      keyOf={({ period }) => period}
      items={periods}
    />
  );
}

/** How it came together day by day, where it is going, and the budgets beside it. */
function Course({
  question,
  forecast,
}: {
  readonly question: Question;
  readonly forecast: CostForecast;
}): ReactNode {
  const say = useSay();
  const format = useFormats();
  const { currency, from, to, forecast: expected, low, high } = forecast;
  const { data } = useAnswer<AnalysisAnswer>(
    pathOf.cost,
    {
      ...forecastQuery(question),
      from,
      to,
      granularity: 'day',
      groupBy: 'meter',
      top: 0,
      limit: 1,
    },
    { keep: true },
  );
  const budgets = useBudgets(question);
  if (data === undefined) return null;
  const days = data.buckets;
  // What is not rated yet has cost nothing so far, which is not what the line is to say.
  const { ratedTo } = data.freshness;
  const counted = days.filter((day) => ratedTo === undefined || day < ratedTo).length;
  const spent = cumulative((data.total?.points ?? []).slice(0, counted), days.length);
  const constant = (amount: string): readonly string[] => days.map(() => amount);
  const later = (end: string | undefined, key: string, name: string) =>
    end === undefined ? [] : [{ key, name, points: lineTo(spent, end), isDashed: true }];
  return (
    <ChartView
      kind="line"
      title={say('cost.forecast.chart', { currency })}
      times={days}
      labels={days.map((day) => format.time(day, 'day'))}
      format={(value) => format.money(value, currency)}
      series={[
        { key: 'spent', name: say('cost.forecast.soFar'), points: spent },
        ...later(expected, 'expected', say('cost.forecast.expected')),
        ...later(low, 'low', say('cost.forecast.low')),
        ...later(high, 'high', say('cost.forecast.high')),
        ...budgets.map(({ name, amount }) => ({
          key: `budget ${name}`,
          name: say('cost.budget', { name }),
          points: constant(amount),
        })),
      ]}
    />
  );
}

const MOST_LINES = 3;

/** Budgets that count just what is shown: the whole period of this account, without a filter. */
function useBudgets({ account, view, search }: Question): readonly Budget[] {
  const viewer = useViewer();
  const isWhole = (search.filters ?? []).length === 0;
  const { data } = useAnswer<Page<Budget>>(budgetsPath(account ?? ''), undefined, {
    enabled: account !== undefined && isWhole && may(viewer, 'Microsoft.Consumption/budgets/read'),
  });
  if (!isWhole) return [];
  return (data?.value ?? [])
    .filter(
      (budget) =>
        budget.view === view &&
        budget.grain === 'BillingPeriod' &&
        Object.keys(budget.filters).length === 0,
    )
    .slice(0, MOST_LINES);
}
