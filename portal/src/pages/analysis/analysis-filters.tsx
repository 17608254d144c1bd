import { Button, Field, Select, Text, makeStyles, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useRef, useState, type ReactNode } from 'react';
import { useSay } from '../../i18n/language.tsx';
import type { Choosing } from './analysis-toolbar.tsx';
import { withFilter, withoutFilter } from './drill-down.ts';
import { nameOfFilter, useNamesOf } from './names.ts';
import type { Question } from './query.ts';
import {
  dimensionsOf,
  filtersOf,
  printFilter,
  tagFilter,
  type Dimension,
  type Filter,
} from './search.ts';
import { ValueBox } from './value-box.tsx';

const useStyles = makeStyles({
  box: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: tokens.spacingHorizontalM,
    border: 'none',
    margin: 0,
    padding: 0,
    minWidth: 0,
    outlineStyle: 'none',
  },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: tokens.spacingHorizontalM,
  },
  chips: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalXS,
    listStyleType: 'none',
    margin: 0,
    padding: 0,
  },
  chip: { maxWidth: '100%', overflowWrap: 'anywhere', textAlign: 'start' },
});

type Chosen = Dimension | 'tag' | '';

/** What the answer is narrowed to, and the boxes to narrow it further. */
export function AnalysisFilters({
  question,
  change,
  dimensions = dimensionsOf(question.kind),
}: Choosing & {
  /** Besides tags. */
  readonly dimensions?: readonly Dimension[];
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const group = useRef<HTMLFieldSetElement>(null);
  const [dimension, setDimension] = useState<Chosen>('');
  const offered: readonly Chosen[] = ['', ...dimensions, 'tag'];
  const add = (filter: Filter): void => {
    change({ filters: withFilter(question.search, filter).filters });
  };
  return (
    <fieldset ref={group} tabIndex={-1} className={styles.box} aria-label={say('analysis.filters')}>
      <div className={styles.row}>
        <Field label={say('analysis.filter.dimension')}>
          <Select
            value={dimension}
            onChange={(_, { value }) => setDimension(offered.find((one) => one === value) ?? '')}
          >
            {offered.map((one) => (
              <option key={one} value={one}>
                {one === '' ? say('analysis.filter.add') : say(`analysis.dimension.${one}`)}
              </option>
            ))}
          </Select>
        </Field>
        {dimension === 'tag' && <TagFilter question={question} add={add} />}
        {dimension !== 'tag' && dimension !== '' && (
          <ValueBox
            key={dimension}
            question={question}
            dimension={dimension}
            label={say(`analysis.dimension.${dimension}`)}
            choose={(value) => add({ dimension, value })}
          />
        )}
      </div>
      <Chips question={question} change={change} removed={() => group.current?.focus()} />
    </fieldset>
  );
}

function Chips({
  question,
  change,
  removed,
}: Choosing & {
  /** The button that had the focus is gone. */
  readonly removed: () => void;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const { search } = question;
  const filters = filtersOf(search);
  useNamesOf(question, filters);
  if (filters.length === 0) return <Text size={200}>{say('analysis.filter.none')}</Text>;
  const remove = (filter: Filter): void => {
    change({ filters: withoutFilter(search, filter).filters });
    removed();
  };
  return (
    <div className={styles.row}>
      <ul className={styles.chips}>
        {filters.map((filter) => {
          const name = `${say(`analysis.dimension.${filter.dimension}`)}: ${nameOfFilter(filter)}`;
          return (
            <li key={printFilter(filter)}>
              <Button
                size="small"
                className={styles.chip}
                icon={<DismissRegular />}
                iconPosition="after"
                aria-label={say('analysis.filter.remove', { name })}
                onClick={() => remove(filter)}
              >
                {name}
              </Button>
            </li>
          );
        })}
      </ul>
      <Button
        size="small"
        appearance="subtle"
        onClick={() => {
          change({ filters: undefined });
          removed();
        }}
      >
        {say('analysis.filter.clear')}
      </Button>
    </div>
  );
}

/** First the name of a tag, then one of the values it has. */
function TagFilter({
  question,
  add,
}: {
  readonly question: Question;
  readonly add: (filter: Filter) => void;
}): ReactNode {
  const say = useSay();
  const [name, setName] = useState<string>();
  if (name === undefined) {
    return (
      <ValueBox
        key="name"
        question={question}
        dimension="tag"
        label={say('analysis.tag.name')}
        choose={setName}
      />
    );
  }
  return (
    <>
      <ValueBox
        key={name}
        question={question}
        dimension={`tag:${name}`}
        label={say('analysis.filter.tagValue', { name })}
        choose={(value) => add(tagFilter(name, value))}
      />
      <Button appearance="subtle" onClick={() => setName(undefined)}>
        {say('analysis.tag.other')}
      </Button>
    </>
  );
}
