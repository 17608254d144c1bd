import type { PriceListVersion } from '../price.ts';

/** What of a version decides when it is in force. */
type Dated = Pick<PriceListVersion, 'version' | 'effectiveFrom'>;

/** The version in force at an hour: the latest that has come, of several the highest. Undefined before the first. */
export function versionAt<T extends Dated>(versions: readonly T[], hour: number): T | undefined {
  return versions.reduce<T | undefined>((best, one) => {
    if (one.effectiveFrom > hour) return best;
    return best === undefined || isAfter(one, best) ? one : best;
  }, undefined);
}

function isAfter(one: Dated, other: Dated): boolean {
  if (one.effectiveFrom !== other.effectiveFrom) return one.effectiveFrom > other.effectiveFrom;
  return one.version > other.version;
}
