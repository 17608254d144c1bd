import { makeStyles, mergeClasses, tokens, typographyStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 220px), 1fr))',
    gap: '12px 24px',
    margin: '0 0 12px',
  },
  label: { color: tokens.colorNeutralForeground2, ...typographyStyles.caption1 },
  value: { margin: '2px 0 0', overflowWrap: 'anywhere' },
  figure: { ...typographyStyles.title3, margin: '2px 0 0', fontVariantNumeric: 'tabular-nums' },
  hint: { color: tokens.colorNeutralForeground2, ...typographyStyles.caption1, margin: '2px 0 0' },
  single: { margin: '0 0 12px' },
});

export interface Fact {
  readonly label: string;
  /** What is not there is left out. */
  readonly value: ReactNode | undefined;
}

/** Names and what they stand for. */
export function Facts({ items }: { readonly items: readonly Fact[] }): ReactNode {
  const styles = useStyles();
  return (
    <dl className={styles.list}>
      {items
        .filter(({ value }) => value !== undefined && value !== null && value !== '')
        .map(({ label, value }) => (
          <div key={label}>
            <dt className={styles.label}>{label}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** One large figure with its name. */
export function Figure({
  label,
  value,
  hint,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly hint?: ReactNode;
}): ReactNode {
  const styles = useStyles();
  return (
    <dl className={styles.single}>
      <dt className={styles.label}>{label}</dt>
      <dd className={mergeClasses(styles.figure)}>{value}</dd>
      {hint !== undefined && <dd className={styles.hint}>{hint}</dd>}
    </dl>
  );
}
