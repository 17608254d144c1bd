import type { AnalysisAnswer, AnalysisGroup } from '../../api/types/analysis.ts';
import { isZero, minus } from './exact.ts';

/** One line or one layer of bars. */
export interface Series {
  readonly key: string;
  readonly name: string;
  /** undefined where nothing is known yet. */
  readonly points: readonly (string | undefined)[];
}

/** The units in which the groups are counted: one, unless meters stand side by side. */
export function unitsOf(answer: AnalysisAnswer): readonly string[] {
  if (answer.unit !== undefined) return [answer.unit];
  const drawn = answer.groups.filter((group) => group.points !== undefined);
  return [...new Set(drawn.flatMap((group) => group.unit ?? []))];
}

/** What has no name of its own. */
export interface SeriesNames {
  readonly none: string;
  readonly others: string;
}

/** Names that are all different: two resources may well be called the same. */
function namesOf(
  groups: readonly AnalysisGroup[],
  { none, others }: SeriesNames,
): readonly string[] {
  const counts = Map.groupBy(groups, ({ name }) => name);
  const taken = new Map([[others, 1]]);
  return groups.map((group) => {
    const isShared = (counts.get(group.name)?.length ?? 0) > 1;
    const where = isShared ? parentOf(group) : '';
    const name = `${group.name === '' ? none : group.name}${where === '' ? '' : ` (${where})`}`;
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

/** Where a resource or a resource group is; empty for all else. */
export function parentOf({ parent }: AnalysisGroup): string {
  if (parent === undefined) return '';
  return [parent.subscriptionName ?? parent.subscription, parent.resourceGroup]
    .filter((part) => part !== undefined && part !== '')
    .join(' / ');
}

/**
 * The series of the chart. With a total, what is not drawn by itself is the difference to the total, bucket by
 * bucket, so that the heights are the totals exactly.
 * @param unit only meters of this unit, since others have no common axis
 */
export function seriesOf(
  answer: AnalysisAnswer,
  unit: string | undefined,
  names: SeriesNames,
): readonly Series[] {
  const drawn = answer.groups.filter(
    (group): group is AnalysisGroup & { readonly points: readonly string[] } =>
      group.points !== undefined &&
      (unit === undefined || group.unit === undefined || group.unit === unit),
  );
  const told = namesOf(drawn, names);
  const series: Series[] = drawn.map(({ key, points }, at) => ({
    key,
    name: told[at] ?? key,
    points,
  }));
  const totals = answer.total?.points;
  if (totals === undefined) return series;
  const rest = totals.map((total, at) =>
    minus(
      total,
      drawn.map(({ points }) => points[at] ?? '0'),
    ),
  );
  if (rest.every(isZero)) return series;
  return [...series, { key: '\u0000others', name: names.others, points: rest }];
}
