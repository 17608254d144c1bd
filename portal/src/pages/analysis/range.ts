import { periodOf as daysOfPreset, type Period, type Preset } from '../../components/period.ts';
import { granularityFor, type Granularity } from './period.ts';
import type { AnalysisKind, AnalysisSearch } from './search.ts';

const USUAL_PERIOD: Preset = 'last30';

/** The name of the period; undefined when it was chosen by its days. */
export function presetOf({ period, from, to }: AnalysisSearch): Preset | undefined {
  if (period !== undefined) return period;
  return from !== undefined && to !== undefined && from < to ? undefined : USUAL_PERIOD;
}

/** The days an address means on a day. */
export function periodOf(search: AnalysisSearch, today: string): Period {
  const { from, to } = search;
  const preset = presetOf(search);
  if (preset === undefined && from !== undefined && to !== undefined) return { from, to };
  return daysOfPreset(preset ?? USUAL_PERIOD, today);
}

export const offeredGranularities = {
  usage: ['hour', 'day', 'month', 'none'],
  cost: ['day', 'month', 'none'],
} as const satisfies Readonly<Record<AnalysisKind, readonly Granularity[]>>;

export function chosenGranularity(
  kind: AnalysisKind,
  search: AnalysisSearch,
  today: string,
): Granularity {
  const wanted = search.granularity ?? 'day';
  return granularityFor(wanted, periodOf(search, today), offeredGranularities[kind]);
}
