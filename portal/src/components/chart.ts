export interface ChartSeries {
  readonly key: string;
  /** Has to differ from the others'. */
  readonly name: string;
  /** Decimals as text, one for each label; undefined where there is none, as in a future. */
  readonly points: readonly (string | undefined)[];
  /** Dashed: expected rather than counted. */
  readonly isDashed?: boolean;
}

export interface ChartViewProps {
  readonly kind: 'line' | 'stacked';
  readonly title: string;
  /** Under the points, as people read them. */
  readonly labels: readonly string[];
  /** Instants of the points; a line stands at them. */
  readonly times: readonly string[];
  readonly series: readonly ChartSeries[];
  /** Writes a value, in the table and beside the pointer. */
  readonly format: (value: string) => string;
  readonly height?: number;
  /** The page shows the figures itself, in a table that says the same. */
  readonly hasTable?: boolean;
}
