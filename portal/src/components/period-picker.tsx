import type { ReactNode } from 'react';
import { addDays } from '../app/clock.ts';
import { useSay } from '../i18n/language.tsx';
import { DayFilter, SelectFilter } from './filter-bar.tsx';
import { periodOf, presets, type Period, type Preset } from './period.ts';

/** A period by a name that moves on with the days, or by its days. */
export function PeriodPicker({
  value,
  preset,
  onChange,
}: {
  readonly value: Period;
  /** The name by which it was chosen; undefined: by its days. */
  readonly preset: Preset | undefined;
  readonly onChange: (period: Period, preset: Preset | undefined) => void;
}): ReactNode {
  const say = useSay();
  const choices = [...presets, 'custom' as const].map((name) => ({
    value: name,
    label: say(`common.period.${name}`),
  }));
  const last = addDays(value.to, -1);
  return (
    <>
      <SelectFilter
        label={say('common.period')}
        value={preset ?? 'custom'}
        choices={choices}
        onChange={(name) => {
          if (name === undefined || name === 'custom') onChange(value, undefined);
          else onChange(periodOf(name), name);
        }}
      />
      {preset === undefined && (
        <>
          <DayFilter
            label={say('common.period.first')}
            value={value.from}
            max={last}
            onChange={(from) => {
              if (from !== undefined && from < value.to) onChange({ ...value, from }, undefined);
            }}
          />
          <DayFilter
            label={say('common.period.last')}
            value={last}
            min={value.from}
            onChange={(day) => {
              if (day === undefined || day < value.from) return;
              onChange({ ...value, to: addDays(day, 1) }, undefined);
            }}
          />
        </>
      )}
    </>
  );
}
