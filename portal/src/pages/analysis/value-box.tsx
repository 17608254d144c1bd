import { Combobox, Field, Option, makeStyles } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useSay } from '../../i18n/language.tsx';
import { learnNames } from './names.ts';
import { type Listed, type Question } from './query.ts';
import { useSettled, useValues } from './use-analysis.ts';

const useStyles = makeStyles({
  field: { minWidth: '14rem', maxWidth: '100%', flex: '0 1 20rem' },
  list: { maxHeight: '22rem' },
});

const SHOWN = 50;

/** A box to choose one value of a dimension; it looks for what is typed among all there are. */
export function ValueBox({
  question,
  dimension,
  label,
  choose,
}: {
  readonly question: Question;
  readonly dimension: Listed;
  readonly label: string;
  readonly choose: (key: string) => void;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const settled = useSettled(text);
  const { data, isFetching, error } = useValues(question, {
    dimension,
    text: settled,
    limit: SHOWN,
    isOpen,
  });
  const values = data?.value ?? [];
  learnNames(dimension, values);
  return (
    <Field
      label={label}
      className={styles.field}
      {...(error !== null && { validationMessage: error.message })}
    >
      <Combobox
        inlinePopup
        freeform
        value={text}
        selectedOptions={[]}
        listbox={{ className: styles.list }}
        onOpenChange={(_, { open }) => setOpen(open)}
        onChange={(event) => setText(event.target.value)}
        onOptionSelect={(_, { optionValue }) => {
          if (optionValue === undefined) return;
          setText('');
          choose(optionValue.slice(1));
        }}
      >
        {values.map(({ key, name }) => (
          // A key may be empty, an option's value may not.
          <Option key={key} value={`=${key}`} text={name}>
            {name === '' ? say('analysis.filter.empty') : name}
          </Option>
        ))}
        {values.length === 0 && (
          <Option disabled text="">
            {say(isFetching ? 'analysis.filter.searching' : 'analysis.filter.noValue')}
          </Option>
        )}
        {data?.nextLink !== undefined && (
          <Option disabled text="">
            {say('analysis.filter.more')}
          </Option>
        )}
      </Combobox>
    </Field>
  );
}
