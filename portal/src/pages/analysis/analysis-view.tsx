import {
  Button,
  Text,
  makeStyles,
  mergeClasses,
  typographyStyles,
} from '@fluentui/react-components';
import { useRef, type ReactNode, type Ref } from 'react';
import type { AnalysisAnswer } from '../../api/types/analysis.ts';
import { ErrorNotice, FilterBar, Loading, Notice, SelectFilter } from '../../components/index.ts';
import { useFormats, useSay } from '../../i18n/language.tsx';
import { AnalysisChart } from './analysis-chart.tsx';
import { AnalysisFilters } from './analysis-filters.tsx';
import { AnalysisTable, useDimensionName } from './analysis-table.tsx';
import { AnalysisToolbar, type Choosing } from './analysis-toolbar.tsx';
import { withFilter } from './drill-down.ts';
import { isZero } from './exact.ts';
import { ExportButtons } from './export-buttons.tsx';
import { useNamed } from './names.ts';
import { useAnalysis, type Analysis } from './use-analysis.ts';
import { groupByOf, needsMeter } from './search.ts';
import { ValueBox } from './value-box.tsx';

const useStyles = makeStyles({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: '8px',
    margin: '12px 0',
  },
  summary: {
    ...typographyStyles.subtitle1,
    margin: 0,
    outlineStyle: 'none',
    fontVariantNumeric: 'tabular-nums',
  },
  old: { opacity: 0.6 },
  more: { padding: '8px 0' },
});

/** Usage or cost, cut into groups: what to choose, the chart, and the table of the same answer. */
export function AnalysisView({
  question,
  change,
  choices,
}: Choosing & {
  /** More to choose, before all else. */
  readonly choices?: ReactNode;
}): ReactNode {
  const styles = useStyles();
  const found = useAnalysis(question);
  const analysis = { ...found, answer: useNamed(question, found.answer) };
  const heading = useRef<HTMLHeadingElement>(null);
  const mustChoose = needsMeter(question.kind, question.search);
  return (
    <>
      <FilterBar>
        {choices}
        <CurrencyChoice answer={analysis.answer} change={change} />
        <AnalysisToolbar question={question} change={change} />
        <AnalysisFilters question={question} change={change} />
      </FilterBar>
      {mustChoose && <MeterChoice question={question} change={change} />}
      {!mustChoose && (
        <>
          <div className={styles.head}>
            <Summary ref={heading} analysis={analysis} />
            <ExportButtons question={question} answer={analysis.answer} />
          </div>
          <ErrorNotice error={analysis.error} onRetry={analysis.retry} />
          {analysis.answer === undefined && analysis.error === null && <Loading />}
          {analysis.answer !== undefined && (
            <div
              aria-busy={analysis.isStale}
              className={mergeClasses(analysis.isStale && styles.old)}
            >
              <Figures
                answer={analysis.answer}
                analysis={analysis}
                question={question}
                change={change}
                entered={() => heading.current?.focus()}
              />
            </div>
          )}
        </>
      )}
    </>
  );
}

function Figures({
  answer,
  analysis,
  question,
  change,
  entered,
}: Choosing & {
  readonly answer: AnalysisAnswer;
  readonly analysis: Analysis;
  readonly entered: () => void;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const { hasMore, isLoadingMore, loadMore } = analysis;
  return (
    <>
      {answer.unpriced !== undefined && answer.unpriced > 0 && (
        <Notice tone="warning">{say('analysis.unpriced', { count: answer.unpriced })}</Notice>
      )}
      {answer.granularity !== 'none' && (
        <AnalysisChart answer={answer} wanted={question.search.chart} />
      )}
      <AnalysisTable question={question} answer={answer} change={change} entered={entered} />
      <Fees answer={answer} />
      {hasMore && (
        <div className={styles.more}>
          <Button onClick={loadMore} disabledFocusable={isLoadingMore}>
            {say(isLoadingMore ? 'common.loading' : 'common.loadMore')}
          </Button>
        </div>
      )}
      <Fresh answer={answer} />
    </>
  );
}

/** Buyers may pay in different currencies, of which one is shown. */
function CurrencyChoice({
  answer,
  change,
}: Pick<Choosing, 'change'> & { readonly answer: AnalysisAnswer | undefined }): ReactNode {
  const say = useSay();
  const { currencies = [], currency } = answer ?? {};
  if (currencies.length < 2) return null;
  return (
    <SelectFilter
      label={say('analysis.currency')}
      value={currency}
      choices={currencies.map((value) => ({ value, label: value }))}
      onChange={(chosen) => change({ currency: chosen })}
    />
  );
}

/** What it comes to. It takes the focus when somebody went into a group, and is read out when it changes. */
function Summary({
  ref,
  analysis: { answer, isStale },
}: {
  readonly ref: Ref<HTMLHeadingElement>;
  readonly analysis: Analysis;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const format = useFormats();
  const countOf = (groupBy: string, count: number): string =>
    groupBy.startsWith('tag:')
      ? say('analysis.count.tag', { count, name: groupBy.slice('tag:'.length) })
      : say(`analysis.count.${groupBy}`, { count });
  const told = (): string => {
    if (answer === undefined) return '';
    const { total, currency, unit, groupBy, groups, others } = answer;
    const count = groups.length + (others?.count ?? 0);
    if (total === undefined) return countOf(groupBy, count);
    const amount =
      currency === undefined
        ? `${format.decimal(total.amount)}${unit === undefined ? '' : ` (${unit})`}`
        : format.money(total.amount, currency);
    return say('analysis.summary', { amount, groups: countOf(groupBy, count) });
  };
  return (
    <div aria-live="polite">
      <h2
        className={mergeClasses(styles.summary, isStale && styles.old)}
        ref={ref}
        tabIndex={-1}
        aria-busy={isStale}
      >
        {told()}
      </h2>
    </div>
  );
}

/** They belong to no meter, resource or day, so that they stand beside the figures. */
function Fees({
  answer: { feesAndCredits, currency },
}: {
  readonly answer: AnalysisAnswer;
}): ReactNode {
  const say = useSay();
  const format = useFormats();
  if (feesAndCredits === undefined || currency === undefined || isZero(feesAndCredits)) return null;
  return (
    <Text as="p" block>
      {say('analysis.fees', { amount: format.money(feesAndCredits, currency) })}
    </Text>
  );
}

function Fresh({ answer: { freshness } }: { readonly answer: AnalysisAnswer }): ReactNode {
  const say = useSay();
  const format = useFormats();
  const { summarizedTo, closedTo, ratedTo } = freshness;
  const counted = summarizedTo ?? closedTo;
  const parts = [
    ...(ratedTo === undefined
      ? []
      : [say('analysis.freshness.rated', { time: format.time(ratedTo) })]),
    ...(counted === undefined ? [] : [say('analysis.freshness', { time: format.time(counted) })]),
  ];
  return <Text size={200}>{parts.join(' ')}</Text>;
}

/** Quantities are of one meter, unless meters are what is compared. */
function MeterChoice({ question, change }: Choosing): ReactNode {
  const say = useSay();
  const nameOf = useDimensionName();
  const dimension = nameOf(groupByOf(question.kind, question.search));
  const others = (question.search.filters ?? []).filter((one) => !one.startsWith('meter='));
  const choose = (value: string): void => {
    const search = { ...question.search, filters: others };
    change({ filters: withFilter(search, { dimension: 'meter', value }).filters });
  };
  return (
    <>
      <Notice title={say('analysis.chooseMeter')}>
        {say('analysis.chooseMeter.why', { dimension })}
      </Notice>
      <ValueBox
        question={question}
        dimension="meter"
        label={say('analysis.dimension.meter')}
        choose={choose}
      />
    </>
  );
}
