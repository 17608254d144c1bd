import type { Verdict } from './verdict.ts';

const dataSizes = new Set(
  ['b', 'B'].flatMap((unit) =>
    ['', 'K', 'M', 'G', 'T', 'P', 'E'].flatMap((prefix) =>
      prefix === '' ? [unit] : [`${prefix}${unit}`, `${prefix}i${unit}`],
    ),
  ),
);
const times = ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second', 'Millisecond', 'Microsecond'];
const singular = new Set(times);
const quantity = /^([1-9][0-9]*) (?=.)/;

interface Seen {
  readonly broken: Set<string>;
  readonly advised: Set<string>;
}

/**
 * Looks at a unit: base units, joined by hyphens, over others after a slash, a whole quantity in front of either.
 * A data size is one of the list and never in the plural; what is on no list is a capitalised noun.
 */
export function lookAtUnit(text: string): Verdict {
  const seen: Seen = { broken: new Set(), advised: new Set() };
  const sides = text.split('/');
  if (sides.length > 2 || text.trim() !== text || text === '') seen.broken.add('base');
  else for (const [at, side] of sides.entries()) lookAtSide(side, at, sides.length, seen);
  return { isOfType: true, broken: [...seen.broken], advised: [...seen.advised] };
}

function lookAtSide(side: string, at: number, sides: number, seen: Seen): void {
  const units = side.replace(quantity, '').split('-');
  for (const unit of units) lookAtBase(unit, seen);
  if (seen.broken.size > 0) return;
  const [last = ''] = units.slice(-1);
  const isBelow = at === 1;
  if (isBelow && !quantity.test(side)) {
    if (units.length === 1 && isPlural(last) && singular.has(last.slice(0, -1))) {
      seen.advised.add('ratioForm');
    }
  } else if (units.length > 1) {
    if (units.slice(0, -1).some(isPlural) || isSingularTime(last)) seen.advised.add('compoundForm');
  } else if (sides === 1 && isSingularTime(last)) seen.advised.add('simpleForm');
}

const isPlural = (unit: string): boolean => unit.endsWith('s') && !dataSizes.has(unit);
const isSingularTime = (unit: string): boolean => singular.has(unit);

function lookAtBase(unit: string, { broken, advised }: Seen): void {
  if (dataSizes.has(unit)) return;
  if (unit.endsWith('s') && dataSizes.has(unit.slice(0, -1))) broken.add('dataSizePlural');
  else if (/^(?:[KMGTPEZYkmgtpezy]i?)?[bB]s?$/.test(unit)) broken.add('dataSize');
  else if (!/^[A-Za-z]+(?: [A-Za-z]+)*$/.test(unit)) broken.add('base');
  else if (!unit.split(' ').every((word) => /^[A-Z]/.test(word))) {
    const word = unit.toLowerCase();
    const isListed = times.some((time) => [time, `${time}s`].includes(capital(word)));
    if (isListed) broken.add('base');
    else advised.add('noun');
  }
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
