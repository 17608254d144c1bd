import { makeStyles } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { AnalysisAnswer } from '../../api/types/analysis.ts';
import { ChartView, SelectFilter } from '../../components/index.ts';
import type { TimePrecision } from '../../i18n/format.ts';
import { useFormats, useSay, type Formats } from '../../i18n/language.tsx';
import { useDimensionName } from './analysis-table.tsx';
import { isZero } from './exact.ts';
import { chartKindFor, type ChartKind } from './period.ts';
import { seriesOf, unitsOf, type Series } from './shown.ts';

const useStyles = makeStyles({ unit: { maxWidth: '20rem', marginBottom: '8px' } });

/** The answer as a picture, bucket by bucket. */
export function AnalysisChart({
  answer,
  wanted,
}: {
  readonly answer: AnalysisAnswer;
  readonly wanted: ChartKind | undefined;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const format = useFormats();
  const nameOf = useDimensionName();
  const [chosen, choose] = useState<string>();
  const units = unitsOf(answer);
  const unit = units.find((one) => one === chosen) ?? units[0];
  const { currency, buckets, groupBy } = answer;
  const series = seriesOf(answer, unit, {
    none: say('analysis.none'),
    others: say('analysis.others'),
  });
  if (series.length === 0) return null;
  const precision = precisionOf(answer.granularity);
  const amount = say(currency === undefined ? 'analysis.quantity' : 'analysis.cost');
  const inUnits = currency ?? unit;
  const what = inUnits === undefined ? amount : `${amount} (${inUnits})`;
  return (
    <>
      {units.length > 1 && (
        <div className={styles.unit}>
          <SelectFilter
            label={say('analysis.unit.choose')}
            value={unit}
            choices={units.map((value) => ({ value, label: value }))}
            onChange={choose}
          />
        </div>
      )}
      <ChartView
        kind={chartKindFor(wanted, buckets.length) === 'lines' ? 'line' : 'stacked'}
        title={say('analysis.chart.title', { what, dimension: nameOf(groupBy) })}
        times={buckets}
        labels={buckets.map((bucket) => format.time(bucket, precision))}
        series={withoutFuture(series, answer)}
        format={(value) => written(format, value, currency)}
      />
    </>
  );
}

function written(format: Formats, value: string, currency: string | undefined): string {
  return currency === undefined ? format.decimal(value) : format.money(value, currency);
}

function precisionOf(granularity: string): TimePrecision {
  if (granularity === 'hour') return 'hour';
  return granularity === 'month' ? 'month' : 'day';
}

/** Of what nothing is known yet, nothing is drawn, rather than nothing at all being used. */
function withoutFuture(
  series: readonly Series[],
  { buckets, freshness }: AnalysisAnswer,
): readonly Series[] {
  const known = freshness.summarizedTo ?? freshness.ratedTo ?? freshness.closedTo;
  if (known === undefined) return series;
  const isFuture = buckets.map(
    (bucket, at) => bucket >= known && series.every(({ points }) => isZero(points[at] ?? '0')),
  );
  return series.map((one) => ({
    ...one,
    points: one.points.map((point, at) => (isFuture[at] === true ? undefined : point)),
  }));
}
