import { Field, Input, makeStyles, Select, Textarea } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Choice } from '../../../components/index.ts';

const useStyles = makeStyles({
  fields: { display: 'grid', gap: '12px', marginTop: '12px' },
  code: { fontFamily: 'monospace' },
});

/** Fields of a dialog below each other. */
export function Fields({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={useStyles().fields}>{children}</div>;
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isRequired?: boolean;
  readonly hint?: string;
}

export function TextField({
  label,
  value,
  onChange,
  isRequired = false,
  hint,
  type = 'text',
  longest = 500,
}: FieldProps & {
  readonly type?: 'text' | 'date' | 'number' | 'url' | 'datetime-local';
  readonly longest?: number;
}): ReactNode {
  return (
    <Field label={label} required={isRequired} {...(hint !== undefined && { hint })}>
      <Input
        type={type}
        value={value}
        maxLength={longest}
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  );
}

export function LongTextField({
  label,
  value,
  onChange,
  isRequired = false,
  hint,
  rows = 3,
  longest = 1000,
  isCode = false,
}: FieldProps & {
  readonly rows?: number;
  readonly longest?: number;
  readonly isCode?: boolean;
}): ReactNode {
  const styles = useStyles();
  return (
    <Field label={label} required={isRequired} {...(hint !== undefined && { hint })}>
      <Textarea
        value={value}
        rows={rows}
        maxLength={longest}
        resize="vertical"
        {...(isCode && { textarea: { className: styles.code, spellCheck: false } })}
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  );
}

export function SelectField({
  label,
  value,
  onChange,
  choices,
  isRequired = false,
  hint,
}: FieldProps & { readonly choices: readonly Choice<string>[] }): ReactNode {
  return (
    <Field label={label} required={isRequired} {...(hint !== undefined && { hint })}>
      <Select value={value} onChange={(_, data) => onChange(data.value)}>
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
