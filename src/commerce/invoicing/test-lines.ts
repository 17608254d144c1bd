import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { dayNumber, Decimal, parseCurrency, parseSubscriptionId } from '../../kernel/index.ts';
import type { ChargePart, LineTax, PeriodOfUse, TermPart } from './line.ts';

export const EUR = parseCurrency('EUR')!;
export const JPY = parseCurrency('JPY')!;
export const TND = parseCurrency('TND')!;

export function decimal(text: string): Decimal {
  return Decimal.parse(text)!;
}

export const STANDARD: LineTax = { category: 'S', percent: decimal('20'), reason: undefined };
export const REDUCED: LineTax = { category: 'S', percent: decimal('5.5'), reason: undefined };

export function newId(): ChargePart['subscriptionId'] {
  return parseSubscriptionId(randomUUID())!;
}

export const OWN: PeriodOfUse = {
  period: 2,
  name: '202610-1',
  lastDay: dayNumber(20_757),
  tax: STANDARD,
  isCorrection: false,
};
export const EARLIER: PeriodOfUse = {
  ...OWN,
  period: 1,
  name: '202609-1',
  tax: REDUCED,
  isCorrection: true,
};

const IDS = [newId(), newId(), newId()];

/** A part of a charge with what a test says of it. */
export function partOf(changes: Partial<ChargePart> = {}): ChargePart {
  return {
    charge: 1n,
    period: OWN,
    customerSubscriptionId: IDS[0]!,
    subscriptionId: IDS[0]!,
    meter: {
      meterId: 'meter',
      name: 'Meter',
      category: 'Cloud',
      subCategory: 'Machines',
      unit: '1 Hour',
      paid: true,
    },
    quantity: decimal('1'),
    amount: decimal('1'),
    unitPrice: undefined,
    ...changes,
  };
}

/** Exact amounts with many digits, half cents and opposites among them. */
export const amounts: fc.Arbitrary<Decimal> = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.constantFrom(5n, -5n, 0n, 15n)),
    fc.integer({ min: 0, max: 20 }),
  )
  .map(([unscaled, scale]) => Decimal.fromBigInt(unscaled, scale));

const parts: fc.Arbitrary<ChargePart> = fc
  .record({
    customer: fc.constantFrom(...IDS),
    subscription: fc.constantFrom(...IDS),
    meter: fc.constantFrom('a', 'B', 'c'),
    paid: fc.boolean(),
    period: fc.constantFrom(OWN, EARLIER),
    quantity: amounts,
    amount: amounts,
  })
  .map(({ customer, subscription, meter, paid, period, quantity, amount }) =>
    partOf({
      period,
      customerSubscriptionId: customer,
      subscriptionId: subscription,
      meter: { ...partOf().meter, meterId: meter, name: `Meter ${meter}`, paid },
      quantity,
      amount,
    }),
  );

/** Parts of different charges. */
export const chargeParts: fc.Arbitrary<ChargePart[]> = fc
  .array(parts, { maxLength: 12 })
  .map((all) => all.map((part, at) => ({ ...part, charge: BigInt(at + 1) })));

export const termParts: fc.Arbitrary<TermPart[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom('fee', 'discount', 'credit', 'commitment'),
      period: fc.constantFrom(OWN, EARLIER),
      cents: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    })
    .map(({ kind, period, cents }): TermPart => {
      const isOff = kind === 'discount' || kind === 'credit';
      return {
        termId: randomUUID(),
        kind,
        period,
        description: kind,
        subscriptionId: undefined,
        meterId: undefined,
        quantity: decimal(isOff ? '-1' : '1'),
        amount: Decimal.fromBigInt(isOff ? -cents : cents, 2),
      };
    }),
  { maxLength: 4 },
);
