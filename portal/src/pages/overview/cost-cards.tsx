import { makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { ForecastError } from '../../api/types/cost.ts';
import type { Overview, PeriodTrend, TopGroup } from '../../api/types/overview.ts';
import { useAccount } from '../../app/account.ts';
import { lastMoment } from '../../app/clock.ts';
import {
  Cards,
  ChartView,
  DataTable,
  DateText,
  Facts,
  Figure,
  Money,
  PageLink,
  Percent,
  Section,
} from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';

// Names of disks are long, and what they cost is not to be pushed out of sight.
const useStyles = makeStyles({ name: { overflowWrap: 'anywhere' } });

/** What the period costs so far, what it will come to, and what most of it is for. */
export function CostCards({ overview }: { readonly overview: Overview }): ReactNode {
  const say = useSay();
  const { top, currency, view } = overview;
  const lists = [
    { id: 'meter', next: 'resource', items: top.meters },
    { id: 'resource', next: 'meter', items: top.resources },
    { id: 'subscription', next: 'meter', items: top.subscriptions },
  ];
  return (
    <Cards>
      <SoFar overview={overview} />
      <Forecast overview={overview} />
      <UpTo overview={overview} />
      <Section title={say('overview.trend')} isCard isWide>
        <Trend overview={overview} />
      </Section>
      {lists.map(({ id, next, items }) => (
        <Section
          key={id}
          title={say(`overview.top.${id}`)}
          isCard
          actions={
            <PageLink to="/cost" search={{ groupBy: id, view }}>
              {say(`overview.all.${id}`)}
            </PageLink>
          }
        >
          <Top
            title={say(`overview.top.${id}`)}
            items={items}
            currency={currency}
            searchOf={(key) => ({ filters: [`${id}=${key}`], groupBy: next, view })}
          />
        </Section>
      ))}
    </Cards>
  );
}

function SoFar({ overview }: OfOverview): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { current, previous, compared, currency } = overview;
  const { days, changePercent } = compared;
  const isMore = changePercent !== undefined && !changePercent.startsWith('-');
  const money = (amount: string): ReactNode => <Money amount={amount} currency={currency} />;
  return (
    <Section title={say(`overview.soFar.${overview.view}`)} isCard>
      <Figure
        label={formats.period(current.period)}
        value={money(current.amount)}
        hint={
          changePercent === undefined
            ? undefined
            : say(isMore ? 'overview.more' : 'overview.less', {
                percent: formats.percent(changePercent.replace('-', '')),
              })
        }
      />
      <Facts
        items={[
          {
            label: say('overview.sameDay', { period: formats.period(current.period), days }),
            value: money(compared.current),
          },
          {
            label: say('overview.sameDay', { period: formats.period(previous.period), days }),
            value: money(compared.previous),
          },
          {
            label: say('overview.lastWhole', { period: formats.period(previous.period) }),
            value: money(previous.amount),
          },
        ]}
      />
    </Section>
  );
}

interface OfOverview {
  readonly overview: Overview;
}

function Forecast({ overview: { forecast, currency, current } }: OfOverview): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const { account } = useAccount();
  return (
    <Section title={say('overview.forecast')} isCard>
      {forecast === undefined ? (
        say('overview.noForecast')
      ) : (
        <>
          <Figure
            label={say('overview.forecastTo', {
              day: formats.time(lastMoment(current.to), 'day', account?.timeZone),
            })}
            value={<Money amount={forecast.amount} currency={currency} />}
            hint={say('overview.interval', {
              low: formats.money(forecast.low, currency),
              high: formats.money(forecast.high, currency),
            })}
          />
          {forecast.error !== undefined && <PastErrors error={forecast.error} />}
        </>
      )}
    </Section>
  );
}

/** How far off the same method was, so that nobody takes a forecast for more than it is. */
function PastErrors({ error: { percent, periods } }: { readonly error: ForecastError }): ReactNode {
  const say = useSay();
  const formats = useFormats();
  return (
    <>
      <p>
        {say('overview.forecastError', {
          count: periods.length,
          percent: formats.percent(percent),
        })}
      </p>
      {periods.length > 1 && (
        <Facts
          items={periods.map((past) => ({
            label: say('overview.forecastOff', { period: formats.period(past.period) }),
            value: <Percent value={past.percent} least={1} />,
          }))}
        />
      )}
    </>
  );
}

function UpTo({ overview: { freshness, unpriced } }: OfOverview): ReactNode {
  const say = useSay();
  return (
    <Section title={say('overview.upTo')} isCard>
      <Facts
        items={[
          {
            label: say('overview.closedTo'),
            value:
              freshness.closedTo === undefined ? undefined : (
                <DateText value={freshness.closedTo} />
              ),
          },
          { label: say('overview.ratedTo'), value: <DateText value={freshness.ratedTo} /> },
          {
            label: say('overview.summarizedTo'),
            value: <DateText value={freshness.summarizedTo} />,
          },
          {
            label: say('overview.unpriced'),
            value: unpriced === 0 ? undefined : say('overview.charges', { count: unpriced }),
          },
        ]}
      />
    </Section>
  );
}

/** Both periods from their first day on, one above the other. */
function Trend({ overview: { current, previous, compared, currency } }: OfOverview): ReactNode {
  const say = useSay();
  const formats = useFormats();
  // Whole days alone: a part of one would look like a fall.
  const complete = current.daily.slice(0, compared.days);
  const before = previous.daily.slice(0, daysOf(previous));
  const count = Math.max(complete.length, before.length);
  const days = Array.from({ length: count }, (_, at) => at);
  return (
    <ChartView
      kind="line"
      title={say('overview.trend')}
      labels={days.map((at) => say('overview.dayOfPeriod', { day: at + 1 }))}
      times={days.map((at) => shifted(current.from, at))}
      series={[
        {
          key: 'current',
          name: formats.period(current.period),
          points: days.map((at) => complete[at]),
        },
        {
          key: 'previous',
          name: formats.period(previous.period),
          points: days.map((at) => before[at]),
          isDashed: true,
        },
      ]}
      format={(amount) => formats.money(amount, currency)}
    />
  );
}

const DAY_MS = 86_400_000;

/** Days of a period, one of which may have an hour more or less. */
function daysOf({ from, to }: PeriodTrend): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** A day of the last period is drawn where the same one of this period is. */
function shifted(from: string, days: number): string {
  return new Date(Date.parse(from) + days * DAY_MS).toISOString();
}

function Top({
  title,
  items,
  currency,
  searchOf,
}: {
  readonly title: string;
  readonly items: readonly TopGroup[];
  readonly currency: string;
  /** What the page of costs shows of a group. */
  readonly searchOf: (key: string) => object;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  return (
    <DataTable
      caption={title}
      isCaptionHidden
      items={items}
      keyOf={({ key }) => key}
      empty={say('overview.top.none')}
      columns={[
        {
          id: 'name',
          title: say('overview.name'),
          cell: ({ key, name }) => (
            <PageLink to="/cost" search={searchOf(key)} className={styles.name}>
              {name}
            </PageLink>
          ),
        },
        {
          id: 'amount',
          title: say('overview.amount'),
          align: 'end',
          cell: ({ amount }) => <Money amount={amount} currency={currency} />,
        },
      ]}
    />
  );
}
