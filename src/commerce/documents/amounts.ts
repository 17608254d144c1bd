import type { Decimal } from '../../kernel/index.ts';

/**
 * The number in plain notation with at least so many digits after the point: `10.50` for 10.5 and 2.
 * More digits than that are kept, so that whoever checks the text sees them.
 */
export function fixed(amount: Decimal, digits: number): string {
  const scale = Math.max(digits, amount.scale);
  if (scale === 0) return amount.toText();
  const unscaled = amount.unscaledAt(scale);
  const text = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = text.length - scale;
  return `${unscaled < 0n ? '-' : ''}${text.slice(0, point)}.${text.slice(point)}`;
}
