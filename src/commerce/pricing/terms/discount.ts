import { allocate, Decimal, shareOf, sumOf, type SubscriptionId } from '../../../kernel/index.ts';
import { usedOf, type OpenCharge, type TermLine, type TermOf } from './line.ts';
import type { Discount, TermUse } from './term.ts';

/**
 * Digits after the point of what a percentage or a free quantity is worth, where it does not end within 60: the one
 * rounding, half to even, of the exact fraction. The line of the invoice is rounded to far less.
 */
const WORTH_SCALE = 30;

const ONE = Decimal.fromBigInt(1n);
const HUNDRED = Decimal.fromBigInt(100n);

interface Applied {
  readonly lines: readonly TermLine[];
  readonly open: readonly OpenCharge[];
}

/**
 * Takes a discount off the charges it is about. What it takes off is split over them in proportion to what is left of
 * each, so that the next discount finds what this one left.
 */
export function applyDiscount(
  term: TermOf<Discount>,
  open: readonly OpenCharge[],
  used: readonly TermUse[],
  round: (amount: Decimal) => Decimal,
): Applied {
  const isMeant = meant(term.definition);
  const groups =
    term.definition.per === 'account'
      ? [undefined]
      : [...new Set(open.filter(isMeant).map((one) => one.subscriptionId))].toSorted();
  return groups.reduce<Applied>(
    ({ lines, open: before }, subscriptionId) => {
      const isInGroup = (one: OpenCharge): boolean =>
        isMeant(one) && (subscriptionId === undefined || one.subscriptionId === subscriptionId);
      const applied = applyOnce(term, subscriptionId, before, isInGroup, { used, round });
      return { lines: [...lines, ...applied.lines], open: applied.open };
    },
    { lines: [], open },
  );
}

/** Corrections can leave charges below zero; there is nothing to take off those. */
function meant({ by, meterIds }: Discount): (charge: OpenCharge) => boolean {
  const only = 'meterId' in by ? [by.meterId] : meterIds;
  const keys = only && new Set(only.map((id) => id.toLowerCase()));
  return ({ meterId, left }) =>
    left.compare(Decimal.zero) > 0 && (keys === undefined || keys.has(meterId.toLowerCase()));
}

function applyOnce(
  term: TermOf<Discount>,
  subscriptionId: SubscriptionId | undefined,
  open: readonly OpenCharge[],
  isInGroup: (charge: OpenCharge) => boolean,
  { used, round }: { used: readonly TermUse[]; round: (amount: Decimal) => Decimal },
): Applied {
  const group = open.filter(isInGroup);
  const base = sumOf(group.map(({ left }) => left));
  const { worth, quantity } = worthOf(
    term.definition,
    group,
    base,
    usedOf(used, term.termId, subscriptionId),
  );
  const amount = round(worth.compare(base) < 0 ? worth : base);
  if (amount.compare(Decimal.zero) <= 0) return { lines: [], open };
  const parts = split(amount, group);
  const { termId, name } = term;
  return {
    lines: [
      { termId, name, kind: 'discount', subscriptionId, quantity, amount: amount.negate(), base },
    ],
    open: open.map((charge) => {
      const part = parts[group.indexOf(charge)];
      return part === undefined ? charge : { ...charge, left: charge.left.subtract(part) };
    }),
  };
}

/** What a discount would take off a group that costs `base`, before it is rounded; and the quantity that its line shows. */
function worthOf(
  { by, recurrence }: Discount,
  group: readonly OpenCharge[],
  base: Decimal,
  used: ReturnType<typeof usedOf>,
): { readonly worth: Decimal; readonly quantity: Decimal } {
  const isOnce = recurrence === 'once';
  if ('percent' in by) {
    const isUsedUp = isOnce && used.times > 0;
    const worth = isUsedUp ? Decimal.zero : shareOf(base, by.percent, HUNDRED, WORTH_SCALE);
    return { worth, quantity: ONE };
  }
  if ('amount' in by) {
    return { worth: isOnce ? by.amount.subtract(used.amount) : by.amount, quantity: ONE };
  }
  const there = isOnce ? by.quantity.subtract(used.quantity) : by.quantity;
  const total = sumOf(group.map(({ quantity }) => quantity));
  if (there.compare(Decimal.zero) <= 0 || total.compare(Decimal.zero) <= 0) {
    return { worth: Decimal.zero, quantity: Decimal.zero };
  }
  if (there.compare(total) >= 0) return { worth: base, quantity: total };
  // At what a unit costs on average: tiers have no price of their own for those that are free.
  return { worth: shareOf(base, there, total, WORTH_SCALE), quantity: there };
}

function split(amount: Decimal, group: readonly OpenCharge[]): Decimal[] {
  const scale = Math.max(amount.scale, ...group.map(({ left }) => left.scale));
  return allocate(
    amount,
    group.map(({ left }) => left.unscaledAt(scale)),
    scale,
  );
}
