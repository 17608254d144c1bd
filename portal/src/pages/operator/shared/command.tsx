import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { CopyButton } from '../../../components/index.ts';
import { useSay } from '../../../i18n/language.tsx';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px',
    padding: '4px 0',
  },
  what: { minWidth: 'min(220px, 100%)' },
  // What copies a command stays beside it.
  copied: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    flex: '1 1 20rem',
    minWidth: 0,
    '@media (max-width: 640px)': { flexWrap: 'wrap' },
  },
  command: {
    minWidth: 0,
    fontFamily: 'monospace',
    overflowWrap: 'anywhere',
    padding: '4px 8px',
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
  },
});

export interface Command {
  readonly what: string;
  readonly command: string;
}

/** What is done at the command line and not here, ready to be copied. */
export function Commands({ items }: { readonly items: readonly Command[] }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  return (
    <ul className={styles.list}>
      {items.map(({ what, command }) => (
        <li key={what} className={styles.line}>
          <span className={styles.what}>{what}</span>
          <span className={styles.copied}>
            <code className={styles.command}>{command}</code>
            <CopyButton text={command}>{say('op.copy')}</CopyButton>
          </span>
        </li>
      ))}
    </ul>
  );
}
