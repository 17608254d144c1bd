import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { visible } from './text-of-machines.ts';

const useStyles = makeStyles({
  region: {
    maxHeight: '420px',
    overflow: 'auto',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  text: {
    margin: 0,
    padding: '12px',
    fontFamily: 'monospace',
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
});

/** A text of machines as it came, that nothing reads as markup. */
export function SourceText({
  label,
  children,
}: {
  readonly label: string;
  readonly children: string;
}): ReactNode {
  const styles = useStyles();
  return (
    <section
      className={styles.region}
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keyboards scroll it only where it takes the focus
      tabIndex={0}
    >
      <pre className={styles.text}>{visible(children)}</pre>
    </section>
  );
}
