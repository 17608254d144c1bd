import { Button, makeStyles } from '@fluentui/react-components';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useSay } from '../i18n/language.tsx';
import type { ChartViewProps } from './chart.ts';
import { DataTable } from './data-table.tsx';
import { DrawingBoundary } from './drawing-boundary.tsx';
import { Loading } from './loading.tsx';

const Drawing = lazy(async () => ({ default: (await import('./chart-drawing.tsx')).ChartDrawing }));

const useStyles = makeStyles({
  root: { minWidth: 0 },
  place: { minWidth: 0 },
  // Its text begins where that of the page does.
  toTable: { margin: '4px 0 8px -8px' },
});

/**
 * Figures as a picture. Those who do not see it have the table: the page's own, or one that opens below. Where it
 * cannot be drawn there is only the table.
 */
export function ChartView(props: ChartViewProps): ReactNode {
  const { title, height = 260, hasTable = false } = props;
  const styles = useStyles();
  const say = useSay();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles.root}>
      <DrawingBoundary instead={hasTable ? null : <Figures {...props} />}>
        <Suspense fallback={<Loading />}>
          <div
            className={styles.place}
            style={{ height: `${height}px` }}
            // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn from elements
            role="img"
            aria-label={say('common.chart.summary', { title })}
          >
            <Drawing {...props} height={height} />
          </div>
        </Suspense>
        {!hasTable && (
          <Button
            appearance="transparent"
            size="small"
            className={styles.toTable}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {say(isOpen ? 'common.chart.hideTable' : 'common.chart.showTable')}
          </Button>
        )}
        {isOpen && <Figures {...props} />}
      </DrawingBoundary>
    </div>
  );
}

function Figures({ title, labels, series, format }: ChartViewProps): ReactNode {
  const say = useSay();
  return (
    <DataTable
      caption={title}
      items={labels.map((label, at) => ({ label, at }))}
      keyOf={({ at }) => String(at)}
      columns={[
        { id: 'label', title: say('common.chart.time'), cell: ({ label }) => label },
        ...series.map(({ key, name, points }) => ({
          id: `series ${key}`,
          title: name,
          align: 'end' as const,
          cell: ({ at }: { readonly at: number }) => {
            const point = points[at];
            return point === undefined ? '-' : format(point);
          },
        })),
      ]}
    />
  );
}
