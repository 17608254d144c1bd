import { makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowSortRegular, ArrowUpRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import type { Column, Sort } from './column.ts';

const useStyles = makeStyles({
  button: {
    font: 'inherit',
    color: 'inherit',
    background: 'none',
    border: 'none',
    padding: 0,
    cursor: 'pointer',
    display: 'inline-flex',
    alignItems: 'center',
    gap: '4px',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

/** The head of a column; one that sorts is a button, and says which way it does. */
export function SortableHeader<T>({
  column: { title, sortBy },
  sort,
  className,
}: {
  readonly column: Column<T>;
  readonly sort: Sort | undefined;
  readonly className: string;
}): ReactNode {
  const styles = useStyles();
  if (sort === undefined || sortBy === undefined) {
    return (
      <th scope="col" className={className}>
        {title}
      </th>
    );
  }
  const { by, onChange } = sort;
  const isDown = by === `-${sortBy}`;
  const isUp = by === sortBy;
  const icon = isDown ? <ArrowDownRegular /> : isUp ? <ArrowUpRegular /> : <ArrowSortRegular />;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isDown ? 'descending' : isUp ? 'ascending' : 'none'}
    >
      <button
        type="button"
        className={styles.button}
        onClick={() => onChange(isDown ? sortBy : `-${sortBy}`)}
      >
        {title}
        <span aria-hidden>{icon}</span>
      </button>
    </th>
  );
}
