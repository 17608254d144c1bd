import {
  Button,
  Field,
  Input,
  makeStyles,
  SearchBox,
  Select,
  tokens,
} from '@fluentui/react-components';
import { useEffect, useState, type ReactNode } from 'react';
import { useSay } from '../i18n/language.tsx';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '12px',
    alignItems: 'flex-end',
    padding: '12px',
    marginBottom: '12px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  field: {
    minWidth: 'min(180px, 100%)',
    maxWidth: '100%',
    // One below the other on a telephone, and then all of one width.
    '@media (max-width: 480px)': { flexGrow: 1 },
  },
});

/** The filters of a page, beside each other. */
export function FilterBar({
  children,
  onReset,
}: {
  readonly children: ReactNode;
  /** Takes all filters away; the button is there only with it. */
  readonly onReset?: (() => void) | undefined;
}): ReactNode {
  const styles = useStyles();
  const say = useSay();
  return (
    <search aria-label={say('common.filters')} className={styles.root}>
      {children}
      {onReset !== undefined && (
        <Button appearance="subtle" onClick={onReset}>
          {say('common.resetFilters')}
        </Button>
      )}
    </search>
  );
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
}

/** One of a few values; or none of them, where `all` says what that means. */
export function SelectFilter<V extends string>({
  label,
  value,
  choices,
  all,
  onChange,
}: {
  readonly label: string;
  readonly value: V | undefined;
  readonly choices: readonly Choice<V>[];
  readonly all?: string;
  readonly onChange: (value: V | undefined) => void;
}): ReactNode {
  const styles = useStyles();
  return (
    <Field label={label} className={styles.field}>
      <Select
        value={value ?? ''}
        onChange={(_, data) => onChange(choices.find((one) => one.value === data.value)?.value)}
      >
        {all !== undefined && <option value="">{all}</option>}
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}

const PAUSE_MS = 150;

/** A text to look for; told when somebody has stopped typing. */
export function TextFilter({
  label,
  value,
  placeholder,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly placeholder?: string;
  readonly onChange: (value: string | undefined) => void;
}): ReactNode {
  const styles = useStyles();
  // What is typed, until it is left: the address follows a moment later.
  const [typed, setTyped] = useState<string>();
  useEffect(() => {
    if (typed === undefined || typed === (value ?? '')) return undefined;
    const timer = setTimeout(() => onChange(typed === '' ? undefined : typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <Field label={label} className={styles.field}>
      <SearchBox
        value={typed ?? value ?? ''}
        maxLength={200}
        {...(placeholder !== undefined && { placeholder })}
        onChange={(_, data) => setTyped(data.value)}
        onBlur={() => {
          if (typed === (value ?? '')) setTyped(undefined);
        }}
      />
    </Field>
  );
}

/** A day, such as 2026-11-23. */
export function DayFilter({
  label,
  value,
  min,
  max,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly min?: string;
  readonly max?: string;
  readonly onChange: (value: string | undefined) => void;
}): ReactNode {
  const styles = useStyles();
  return (
    <Field label={label} className={styles.field}>
      <Input
        type="date"
        value={value ?? ''}
        {...(min !== undefined && { min })}
        {...(max !== undefined && { max })}
        onChange={(_, data) => onChange(data.value === '' ? undefined : data.value)}
      />
    </Field>
  );
}
