import { makeStyles, Spinner } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useSay } from '../i18n/language.tsx';

const useStyles = makeStyles({ root: { padding: '24px', display: 'flex' } });

/** Something is on its way; told to those who do not see it. */
export function Loading({ label }: { readonly label?: string }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  return (
    <output className={styles.root}>
      <Spinner size="small" label={label ?? say('common.loading')} />
    </output>
  );
}
