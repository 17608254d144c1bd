import type { Decimal } from './decimal.ts';
import { halfEven } from './rounding.ts';

// The compiler checks this file: each marked line must stay an error.
void function decimals(one: Decimal, other: Decimal): void {
  // @ts-expect-error: division needs a scale and a rounding; there is no default
  one.divide(other);
  // @ts-expect-error: division needs a rounding
  one.divide(other, 2);
  // @ts-expect-error: rounding must be named
  one.roundTo(2);
  // @ts-expect-error: a rounding is a function of the list, not its name
  one.roundTo(2, 'halfEven');
  one.roundTo(2, halfEven);

  // @ts-expect-error: no arithmetic with binary floating point
  one.add(0.1);
  // @ts-expect-error: no arithmetic operators
  void (one * other);
  // @ts-expect-error: a decimal is not a number
  const float: number = one;
  // @ts-expect-error: the fields cannot be changed
  one.scale = 2;
  return void float;
};
