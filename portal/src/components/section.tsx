import { makeStyles, mergeClasses, tokens, typographyStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  root: { marginTop: '24px' },
  heading: { ...typographyStyles.subtitle2, margin: 0 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: '8px',
    marginBottom: '8px',
  },
  card: {
    marginTop: 0,
    padding: '16px',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    minWidth: 0,
  },
  cards: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 290px), 1fr))',
    gap: '12px',
    marginTop: '16px',
  },
  narrow: { gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 220px), 1fr))' },
  wide: { gridColumn: '1 / -1' },
});

export interface SectionProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** With a border, as one of several on a page such as the overview. */
  readonly isCard?: boolean;
  /** A card that takes the whole width. */
  readonly isWide?: boolean;
}

/** A part of a page under a heading of its own; by headings is how those who do not see it find it. */
export function Section(props: SectionProps): ReactNode {
  const { title, actions, children, isCard = false, isWide = false } = props;
  const styles = useStyles();
  return (
    <section className={mergeClasses(styles.root, isCard && styles.card, isWide && styles.wide)}>
      <div className={styles.head}>
        <h2 className={styles.heading}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Cards beside each other, as many as there is room for. */
export function Cards({
  areNarrow = false,
  children,
}: {
  /** Four in a row of a usual window, not three. */
  readonly areNarrow?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const styles = useStyles();
  return <div className={mergeClasses(styles.cards, areNarrow && styles.narrow)}>{children}</div>;
}
