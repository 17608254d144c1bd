import { ProgressBar, Text, makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Budget } from '../../api/types/budgets.ts';
import { StateBadge, type Tone } from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { pixels } from '../analysis/exact.ts';

const useStyles = makeStyles({
  root: { minWidth: '10rem', maxWidth: '28rem' },
  text: { display: 'block', fontVariantNumeric: 'tabular-nums' },
});

/** How much of a budget is spent, as a bar and in words. */
export function BudgetProgress({ budget }: { readonly budget: Budget }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const format = useFormats();
  const { amount, currency, current, name } = budget;
  if (current?.spent === undefined) return <BudgetState budget={budget} />;
  const percent = current.percent ?? '0';
  const text = say('budgets.spentOf', {
    spent: format.money(current.spent, currency),
    amount: format.money(amount, currency),
    percent: format.percent(percent),
  });
  const share = pixels(percent);
  return (
    <div className={styles.root}>
      <ProgressBar
        aria-label={say('budgets.progress', { name })}
        aria-valuetext={text}
        value={Math.min(Math.max(share, 0), 100)}
        max={100}
        thickness="large"
        color={share > 100 ? 'error' : stateOf(budget) === 'expectedOver' ? 'warning' : 'brand'}
      />
      <Text size={200} className={styles.text} aria-hidden>
        {text}
      </Text>
    </div>
  );
}

type State = 'within' | 'expectedOver' | 'over' | 'problem' | 'waiting';

const tones: Readonly<Record<State, Tone>> = {
  within: 'good',
  expectedOver: 'warning',
  over: 'bad',
  problem: 'bad',
  waiting: 'neutral',
};

function stateOf({ current }: Budget): State {
  if (current === undefined) return 'waiting';
  if (current.problem !== undefined) return 'problem';
  if (isOver(current.percent)) return 'over';
  return isOver(current.forecast?.percent) ? 'expectedOver' : 'within';
}

function isOver(percent: string | undefined): boolean {
  return percent !== undefined && pixels(percent) > 100;
}

export function BudgetState({ budget }: { readonly budget: Budget }): ReactNode {
  const say = useSay();
  const state = stateOf(budget);
  return <StateBadge tone={tones[state]}>{say(`budgets.state.${state}`)}</StateBadge>;
}
