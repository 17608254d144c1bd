import { LineChart, VerticalStackedBarChart } from '@fluentui/react-charts';
import { makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useIntl } from 'react-intl';
import type { ChartSeries, ChartViewProps } from './chart.ts';

/** Told apart by those who see few colours, on light and on dark. */
const COLOURS = [
  '#2a78c5',
  '#c4601a',
  '#2f8f5b',
  '#a8479b',
  '#8a7d14',
  '#c23b50',
  '#14858f',
  '#7a63c8',
  '#6f7d1d',
  '#b45f86',
];
const OTHERS = '#808080';
const LEGEND_HEIGHT = 44;
/** Room of a letter of a label under the axis, and between two labels, so that none covers the next. */
const LETTER_WIDTH = 6;
const LABEL_GAP = 20;
const MOST_LABELS = 12;
/** Points of a line that are elements of their own, each with its figures beside the pointer. */
const MOST_POINTS = 100;

const useStyles = makeStyles({
  place: { overflow: 'hidden' },
  legend: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '2px 16px',
    height: `${LEGEND_HEIGHT}px`,
    overflowY: 'hidden',
    fontSize: tokens.fontSizeBase200,
  },
  entry: { display: 'inline-flex', alignItems: 'center', gap: '6px', maxWidth: '240px' },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  mark: { width: '18px', height: '0', borderTopWidth: '4px', forcedColorAdjust: 'none' },
});

function colourOf(at: number): string {
  return COLOURS[at] ?? OTHERS;
}

/** A decimal as a place on the screen: the one use for which a number is exact enough. */
function pixelsOf(decimal: string): number {
  return Number(decimal);
}

/** The picture itself, loaded when the first one is shown. For the eye and the pointer alone: the table is for all. */
export function ChartDrawing(props: ChartViewProps & { readonly height: number }): ReactNode {
  const styles = useStyles();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  useNoTabStops(place);
  const sizes = { width, height: props.height - LEGEND_HEIGHT };
  return (
    <div ref={place} className={styles.place}>
      <div style={{ height: `${sizes.height}px` }}>
        {width > 0 &&
          (props.kind === 'line' ? (
            <Lines {...props} {...sizes} />
          ) : (
            <Stacks {...props} {...sizes} />
          ))}
      </div>
      <div className={styles.legend}>
        {props.series.map(({ key, name, isDashed = false }, at) => (
          <span key={key} className={styles.entry} title={name}>
            <span
              className={styles.mark}
              style={{
                borderTopStyle: isDashed ? 'dashed' : 'solid',
                borderTopColor: colourOf(at),
              }}
            />
            <span className={styles.name}>{name}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.floor(entry?.contentRect.width ?? 0));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}

/**
 * Takes the tab stops out of a picture. The library makes one of each point and hidden ones around them, which a
 * keyboard would have to go through one by one, and which hold nothing that the table does not.
 */
function useNoTabStops(place: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const clear = (): void => {
      for (const one of element.querySelectorAll('[tabindex]')) one.removeAttribute('tabindex');
    };
    const observer = new MutationObserver(clear);
    observer.observe(element, { subtree: true, childList: true, attributeFilter: ['tabindex'] });
    clear();
    return () => observer.disconnect();
  }, [place]);
}

interface DrawingProps extends ChartViewProps {
  readonly height: number;
  readonly width: number;
}

/** Places of the labels that there is room for, away from the ends, where they would be cut off. */
function labelled(labels: readonly string[], width: number): number[] {
  const letters = labels.reduce((most, { length }) => Math.max(most, length), 0);
  const room = Math.floor(width / (letters * LETTER_WIDTH + LABEL_GAP));
  const step = Math.ceil(labels.length / Math.max(2, Math.min(MOST_LABELS, room)));
  const half = Math.floor(step / 2);
  return [...labels.keys()].filter((at) => at % step === half && at + half <= labels.length);
}

function Lines({ series, times, labels, format, height, width }: DrawingProps): ReactNode {
  const { locale } = useIntl();
  const byTime = new Map(times.map((time, at) => [Date.parse(time), labels[at] ?? time]));
  return (
    <LineChart
      data={{
        lineChartData: series.map((one, at) => ({
          legend: one.name,
          color: colourOf(at),
          hideNonActiveDots: true,
          ...(one.isDashed === true && { lineOptions: { strokeDasharray: '6 4' } }),
          data: pointsOf(one, { times, labels, format }),
        })),
      }}
      culture={locale}
      useUTC
      width={width}
      height={height}
      tickValues={labelled(labels, width).map((at) => new Date(times[at] ?? ''))}
      customDateTimeFormatter={(time) => byTime.get(time.getTime()) ?? ''}
      yMinValue={0}
      hideLegend
      optimizeLargeData={times.length > MOST_POINTS}
      roundedTicks
      yAxisTickFormat={(value: number) => compact(locale, value)}
    />
  );
}

interface LinePoint {
  readonly x: Date;
  readonly y: number;
  readonly xAxisCalloutData?: string;
  readonly yAxisCalloutData: string;
}

function pointsOf(
  { points }: ChartSeries,
  { times, labels, format }: Pick<ChartViewProps, 'times' | 'labels' | 'format'>,
): LinePoint[] {
  return points.flatMap((point, at) => {
    const time = times[at];
    if (point === undefined || time === undefined) return [];
    const label = labels[at];
    return [
      {
        x: new Date(time),
        y: pixelsOf(point),
        yAxisCalloutData: format(point),
        ...(label !== undefined && { xAxisCalloutData: label }),
      },
    ];
  });
}

function Stacks({ series, labels, format, height, width }: DrawingProps): ReactNode {
  const { locale } = useIntl();
  const shown = labelled(labels, width).flatMap((at) => labels[at] ?? []);
  return (
    <VerticalStackedBarChart
      data={labels.map((label, at) => ({
        xAxisPoint: label,
        chartData: series.flatMap(({ name, points }, which) => {
          const point = points[at];
          if (point === undefined) return [];
          return [
            {
              legend: name,
              data: pixelsOf(point),
              color: colourOf(which),
              xAxisCalloutData: label,
              yAxisCalloutData: format(point),
            },
          ];
        }),
      }))}
      culture={locale}
      width={width}
      height={height}
      hideLabels
      barWidth="auto"
      maxBarWidth={48}
      xAxisInnerPadding={0.3}
      tickValues={shown}
      hideLegend
      roundedTicks
      yAxisTickFormat={(value: number) => compact(locale, value)}
    />
  );
}

/** A figure beside an axis: short, since it stands for a height. */
function compact(locale: string, value: number): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(
    value,
  );
}
