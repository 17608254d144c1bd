import { addDays, monthStart, today } from '../app/clock.ts';

/** Days in UTC, from the first to the one before `to`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const presets = ['last7', 'last30', 'thisMonth', 'lastMonth'] as const;
export type Preset = (typeof presets)[number];

/** The days that a preset means on a day. Today counts among the last ones. */
export function periodOf(preset: Preset, day: string = today()): Period {
  const tomorrow = addDays(day, 1);
  switch (preset) {
    case 'last7':
      return { from: addDays(tomorrow, -7), to: tomorrow };
    case 'last30':
      return { from: addDays(tomorrow, -30), to: tomorrow };
    case 'thisMonth':
      return { from: monthStart(day), to: monthStart(day, 1) };
    default:
      return { from: monthStart(day, -1), to: monthStart(day) };
  }
}
