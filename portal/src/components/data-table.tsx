import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Pages } from '../api/hooks.ts';
import { useSay } from '../i18n/language.tsx';
import type { Column, Sort } from './column.ts';
import { Empty } from './empty.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { Loading } from './loading.tsx';
import { SortableHeader } from './sortable-header.tsx';

const useStyles = makeStyles({
  region: {
    overflowX: 'auto',
    maxWidth: '100%',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    marginBottom: '12px',
    // What a cell hides from the eye stays inside.
    position: 'relative',
  },
  table: { borderCollapse: 'collapse', width: '100%', fontSize: tokens.fontSizeBase300 },
  caption: { textAlign: 'start', padding: '8px 12px', color: tokens.colorNeutralForeground2 },
  hidden: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  },
  cell: {
    padding: '6px 12px',
    textAlign: 'start',
    verticalAlign: 'top',
    fontWeight: tokens.fontWeightRegular,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  head: {
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
    whiteSpace: 'nowrap',
    borderTopStyle: 'none',
  },
  end: { textAlign: 'end' },
  oneLine: { whiteSpace: 'nowrap' },
  text: { minWidth: '16rem' },
  foot: { fontWeight: tokens.fontWeightSemibold },
  row: { ':hover': { backgroundColor: tokens.colorNeutralBackground2 } },
  old: { opacity: 0.6 },
  more: { display: 'flex', alignItems: 'center', gap: '12px', padding: '8px 0' },
});

/** Rows that are drawn until somebody wants more: a thousand of them would hold up the page. */
const ROWS_AT_ONCE = 100;

export type { Column } from './column.ts';

export interface DataTableProps<T> {
  /** What the table has; always there, hidden from the eye where a heading says it already. */
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (item: T) => string;
  /** The rows, as a list that is loaded page by page, or all of them. */
  readonly list?: Omit<Pages<T>, 'pages'>;
  readonly items?: readonly T[];
  readonly sort?: Sort;
  /** What to say when there are none. */
  readonly empty?: ReactNode;
  /** What to do then: a button or a link. */
  readonly emptyAction?: ReactNode;
  /** Rows below all others, such as a total: a cell for each column. */
  readonly footer?: readonly (readonly ReactNode[])[];
}

/** A table that is loaded page by page, and scrolls by itself where there is no room for it. */
export function DataTable<T>(props: DataTableProps<T>): ReactNode {
  const { caption, list, empty, emptyAction } = props;
  const styles = useStyles();
  const say = useSay();
  const all = props.items ?? list?.items ?? [];
  const [shown, show] = useState(ROWS_AT_ONCE);
  const items = all.slice(0, shown);
  const hasHidden = all.length > shown;
  if (list?.isPending === true)
    return <Loading label={say('common.loadingOf', { what: caption })} />;
  const error = list?.error ?? null;
  return (
    <div aria-busy={list?.isFetching ?? false}>
      <ErrorNotice error={error} {...(list !== undefined && { onRetry: list.retry })} />
      {items.length === 0 && error === null && (
        <Empty {...(emptyAction !== undefined && { action: emptyAction })}>
          {empty ?? say('common.empty')}
        </Empty>
      )}
      {items.length > 0 && (
        <div
          className={mergeClasses(styles.region, isOld(list) && styles.old)}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a section with a name is a landmark, and tables are too many for that
          role="group"
          aria-label={caption}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keyboards scroll it only where it takes the focus
          tabIndex={0}
        >
          <Table {...props} items={items} />
        </div>
      )}
      {(hasHidden || list?.hasMore === true) && (
        <div className={styles.more}>
          <Button
            disabledFocusable={list?.isLoadingMore === true}
            onClick={() => {
              show(shown + ROWS_AT_ONCE);
              if (!hasHidden) list?.loadMore();
            }}
          >
            {say(list?.isLoadingMore === true ? 'common.loading' : 'common.loadMore')}
          </Button>
        </div>
      )}
      <output className={styles.hidden}>
        {list?.isFetching === true ? '' : say('common.rows', { count: items.length })}
      </output>
    </div>
  );
}

function isOld(list: Pick<Pages<unknown>, 'isFetching' | 'isLoadingMore'> | undefined): boolean {
  return list !== undefined && list.isFetching && !list.isLoadingMore;
}

function Table<T>(props: DataTableProps<T> & { readonly items: readonly T[] }): ReactNode {
  const { caption, isCaptionHidden = false, columns, keyOf, items, sort, footer = [] } = props;
  const styles = useStyles();
  const marked = columns.findIndex(({ isRowHeader }) => isRowHeader);
  const headerAt = marked < 0 ? 0 : marked;
  const alignOf = ({ align }: Column<T>): string | false => align === 'end' && styles.end;
  return (
    <table className={styles.table}>
      <caption className={isCaptionHidden ? styles.hidden : styles.caption}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <SortableHeader
              key={column.id}
              column={column}
              sort={sort}
              className={mergeClasses(styles.cell, styles.head, alignOf(column))}
            />
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={keyOf(item)} className={styles.row}>
            {columns.map((column, at) => {
              const className = mergeClasses(
                styles.cell,
                alignOf(column),
                column.isOneLine === true && styles.oneLine,
                column.isText === true && styles.text,
              );
              return at === headerAt ? (
                <th key={column.id} scope="row" className={className}>
                  {column.cell(item)}
                </th>
              ) : (
                <td key={column.id} className={className}>
                  {column.cell(item)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
      {footer.length > 0 && (
        <tfoot>
          {footer.map((cells, row) => (
            // Rows of a footer have no id, and are always the same ones.
            <tr key={row}>
              {columns.map((column, at) => {
                const className = mergeClasses(styles.cell, styles.foot, alignOf(column));
                const cell = cells[at];
                return at === headerAt ? (
                  <th key={column.id} scope="row" className={className}>
                    {cell}
                  </th>
                ) : (
                  <td key={column.id} className={className}>
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tfoot>
      )}
    </table>
  );
}
