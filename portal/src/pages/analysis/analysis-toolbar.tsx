import { useState, type ReactNode } from 'react';
import { PeriodPicker, SelectFilter, TextFilter } from '../../components/index.ts';
import { useSay } from '../../i18n/language.tsx';
import { chartKindFor, chartKindsFor, granularitiesFor, stepsOf } from './period.ts';
import type { Question } from './query.ts';
import { chosenGranularity, offeredGranularities, periodOf, presetOf } from './range.ts';
import { dimensionsOf, groupByOf, type AnalysisSearch } from './search.ts';
import { ValueBox } from './value-box.tsx';

export interface Choosing {
  readonly question: Question;
  /** Changes some of the address; undefined takes a choice back to its default. */
  readonly change: (change: AnalysisSearch) => void;
}

/** Which days, in which steps, divided by what, drawn how. */
export function AnalysisToolbar({ question, change }: Choosing): ReactNode {
  const say = useSay();
  const { kind, search, today } = question;
  const period = periodOf(search, today);
  const granularity = chosenGranularity(kind, search, today);
  const steps = stepsOf(period, granularity);
  const choicesOf = <V extends string>(prefix: string, values: readonly V[]) =>
    values.map((value) => ({ value, label: say(`${prefix}.${value}`) }));
  return (
    <>
      <PeriodPicker
        value={period}
        preset={presetOf(search)}
        onChange={({ from, to }, preset) => {
          change(
            preset === undefined
              ? { period: undefined, from, to }
              : { period: preset, from: undefined, to: undefined },
          );
        }}
      />
      <SelectFilter
        label={say('analysis.granularity')}
        value={granularity}
        choices={choicesOf(
          'analysis.granularity',
          granularitiesFor(period, offeredGranularities[kind]),
        )}
        onChange={(chosen) => change({ granularity: chosen })}
      />
      <Grouping question={question} change={change} />
      <SelectFilter
        label={say('analysis.chart.kind')}
        value={chartKindFor(search.chart, steps)}
        choices={choicesOf('analysis.chart', chartKindsFor(steps))}
        onChange={(chart) => change({ chart: chart === 'bars' ? undefined : chart })}
      />
      <TextFilter
        label={say('analysis.search')}
        value={search.search}
        onChange={(text) => change({ search: text })}
      />
    </>
  );
}

const TAG = 'tag';

function Grouping({ question, change }: Choosing): ReactNode {
  const say = useSay();
  const [asksTag, setAsksTag] = useState(false);
  const { kind, search } = question;
  const groupBy = groupByOf(kind, search);
  const offered = dimensionsOf(kind);
  const isTag = asksTag || groupBy.startsWith('tag:');
  const tagName = groupBy.startsWith('tag:') ? groupBy.slice('tag:'.length) : undefined;
  return (
    <>
      <SelectFilter
        label={say('analysis.groupBy')}
        value={isTag ? TAG : offered.find((one) => one === groupBy)}
        choices={[
          ...offered.map((value) => ({ value, label: say(`analysis.dimension.${value}`) })),
          {
            value: TAG,
            label:
              tagName === undefined || asksTag
                ? say('analysis.tag.byName')
                : say('analysis.dimension.tagNamed', { name: tagName }),
          },
        ]}
        onChange={(chosen) => {
          setAsksTag(chosen === TAG);
          if (chosen !== undefined && chosen !== TAG)
            change({ groupBy: chosen, search: undefined });
        }}
      />
      {isTag && (
        <ValueBox
          question={question}
          dimension="tag"
          label={say('analysis.tag.name')}
          choose={(name) => {
            setAsksTag(false);
            change({ groupBy: `tag:${name}`, search: undefined });
          }}
        />
      )}
    </>
  );
}
