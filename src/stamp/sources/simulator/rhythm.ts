import type { UsageHour } from './usage-hour.ts';
import { below, type Seed } from './random.ts';

/** When a workload is busy: office hours, evenings and weekends, the night, or always. */
export type Rhythm = 'office' | 'public' | 'nightly' | 'level';

/** Activity of each hour of a working day, in thousandths of the busiest hour. */
const DAYS: Readonly<Record<Rhythm, readonly number[]>> = {
  office: [
    60, 50, 50, 50, 60, 90, 220, 480, 760, 920, 1000, 960, 700, 820, 960, 940, 860, 640, 380, 240,
    180, 140, 100, 80,
  ],
  public: [
    240, 160, 110, 90, 90, 120, 220, 340, 450, 520, 560, 600, 680, 640, 600, 600, 640, 720, 840,
    960, 1000, 920, 700, 420,
  ],
  nightly: [
    700, 1000, 980, 900, 640, 300, 120, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 80, 120,
    240, 380, 520,
  ],
  level: [
    860, 840, 830, 830, 840, 860, 900, 940, 970, 990, 1000, 1000, 990, 1000, 1000, 990, 980, 960,
    950, 940, 930, 910, 890, 870,
  ],
};

/** Saturday's and Sunday's part of a working day, in thousandths. */
const WEEKENDS: Readonly<Record<Rhythm, readonly [number, number]>> = {
  office: [220, 120],
  public: [1250, 1150],
  nightly: [800, 350],
  level: [960, 940],
};

/** Activity in thousandths of the busiest hour of a working day. */
export function activity(rhythm: Rhythm, at: UsageHour): number {
  const ofDay = DAYS[rhythm][at.hourOfDay] ?? 0;
  if (at.weekday < 5) return ofDay;
  return Math.floor((ofDay * (WEEKENDS[rhythm][at.weekday - 5] ?? 0)) / 1000);
}

/** How many of something happened in an hour: the busiest hour's count by the rhythm, give or take 30 %. */
export function countInHour(busiest: number, thousandths: number, seed: Seed): number {
  const spread = 700 + below(601, seed);
  return Math.floor((busiest * Math.floor((thousandths * spread) / 1000)) / 1000);
}
