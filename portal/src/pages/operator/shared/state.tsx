import { makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { StateBadge } from '../../../components/index.ts';
import { useHasText, useSay } from '../../../i18n/language.tsx';
import { toneOf } from './tones.ts';

const useStyles = makeStyles({ root: { whiteSpace: 'nowrap' } });

/** A state in the language that is spoken; one that the server has and this page does not know, as it is. */
export function State({ value }: { readonly value: string }): ReactNode {
  const word = useWord('op.state');
  const styles = useStyles();
  return (
    <span className={styles.root}>
      <StateBadge tone={toneOf(value)}>{word(value)}</StateBadge>
    </span>
  );
}

/** Words of the service in the language that is spoken: `useWord('op.state')('Enabled')`. */
export function useWord(prefix: string): (value: string) => string {
  const say = useSay();
  const hasText = useHasText();
  return (value) => {
    const id = `${prefix}.${value}`;
    return hasText(id) ? say(id) : value;
  };
}
