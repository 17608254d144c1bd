import type { ReactNode } from 'react';
import { monthStart, today } from '../../../app/clock.ts';
import { SelectFilter } from '../../../components/index.ts';
import { useFormats, useSay } from '../../../i18n/language.tsx';

/** The present month and those of a year before it. */
const MONTHS = 13;

/** The billing period that begins in a month so many after this one. */
export function periodOfMonth(months: number): string {
  return `${monthStart(today(), months).slice(0, 7).replace('-', '')}-1`;
}

/** One of the last billing periods, by the month that it begins in; another one comes with the address. */
export function PeriodFilter({
  value,
  all,
  onChange,
}: {
  readonly value: string | undefined;
  /** What it means that none is chosen. */
  readonly all?: string;
  readonly onChange: (period: string | undefined) => void;
}): ReactNode {
  const say = useSay();
  const formats = useFormats();
  const offered = Array.from({ length: MONTHS }, (_, at) => periodOfMonth(-at));
  const isOffered = value === undefined || offered.includes(value);
  const periods = isOffered ? offered : [value, ...offered];
  return (
    <SelectFilter
      label={say('op.period')}
      {...(all !== undefined && { all })}
      value={value}
      choices={periods.map((name) => ({ value: name, label: formats.period(name) }))}
      onChange={onChange}
    />
  );
}
