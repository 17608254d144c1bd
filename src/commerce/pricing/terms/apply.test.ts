import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  Decimal,
  hourNumber,
  parseCurrency,
  parseSubscriptionId,
  roundMoney,
  sumOf,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { d } from '../test-prices.ts';
import { applyTerms, type TermsInput } from './apply.ts';
import type { TermCharge, TermLine } from './line.ts';
import { parseTerm, type AccountTerm, type TermUse } from './term.ts';

const PERIOD = { fromHour: 1000, toHour: 1720 };
const [A, B] = ['a', 'b'].map((letter) =>
  parseSubscriptionId(`${letter.repeat(8)}-0000-4000-8000-000000000001`)!,
) as [SubscriptionId, SubscriptionId];
const EUR = parseCurrency('EUR')!;
const round = (amount: Decimal): Decimal => roundMoney(amount, EUR);

function charge(
  subscriptionId: SubscriptionId,
  meterId: string,
  quantity: string,
  amount: string,
): TermCharge {
  return { subscriptionId, meterId, quantity: d(quantity), amount: d(amount) };
}

function term(
  termId: string,
  fields: Readonly<Record<string, unknown>>,
  changes: Partial<AccountTerm> = {},
): AccountTerm {
  return {
    termId,
    name: termId,
    definition: parseTerm(fields),
    effectiveFrom: hourNumber(0),
    effectiveTo: undefined,
    ...changes,
  };
}

function use(termId: string, amount: string, quantity = '0'): TermUse {
  return { termId, subscriptionId: undefined, amount: d(amount), quantity: d(quantity) };
}

const CHARGES = [
  charge(A, 'vm', '100', '60'),
  charge(B, 'VM', '50', '30'),
  charge(A, 'disk', '2', '10'),
];

function linesOf(terms: readonly AccountTerm[], input: Partial<TermsInput> = {}): TermLine[] {
  return applyTerms({ period: PERIOD, charges: CHARGES, used: [], round, ...input, terms });
}

function texts(lines: readonly TermLine[]): string[] {
  return lines.map(
    ({ termId, subscriptionId, amount }) =>
      `${termId} ${subscriptionId === undefined ? '' : `${subscriptionId[0]} `}${amount.toText()}`,
  );
}

describe('terms', () => {
  it('take effect in their order, whatever order they are in', () => {
    const terms = [
      term('credit', { kind: 'credit', amount: '20', recurrence: 'recurring' }),
      term('commitment', { kind: 'commitment', amount: '70' }),
      term('fee', { kind: 'fee', amount: '5' }),
      term('amount', { kind: 'discount', amount: '8' }),
      term('percent', { kind: 'discount', percent: '10' }),
      term('quantity', { kind: 'discount', quantity: '30', meterId: 'vm' }),
    ];
    const lines = linesOf(terms);
    // 90 for 150 units: 30 of them are 18. Then 10 % of 82, then 8 of 73.80, and 4.20 up to 70.
    assert.deepEqual(texts(lines), [
      'quantity -18',
      'percent -8.2',
      'amount -8',
      'fee 5',
      'commitment 4.2',
      'credit -20',
    ]);
    assert.deepEqual(
      lines.map(({ base }) => base.toText()),
      ['90', '82', '73.8', '5', '65.8', '75'],
    );
    assert.equal(lines[0]?.quantity.toText(), '30');
  });

  it('count when they are in force in some of the period', () => {
    const fee = { kind: 'fee', amount: '7.2' };
    const between = (from: number, to?: number): Partial<AccountTerm> => ({
      effectiveFrom: hourNumber(from),
      effectiveTo: to === undefined ? undefined : hourNumber(to),
    });
    const terms = [
      term('over', fee, between(0, 1000)),
      term('never', fee, between(1500, 1500)),
      term('later', fee, between(1720)),
      term('whole', { ...fee, prorated: false }, between(0, 1001)),
      term('half', fee, between(1360)),
      term('hour', fee, between(1719, 1720)),
    ];
    assert.deepEqual(texts(linesOf(terms)), ['whole 7.2', 'half 3.6', 'hour 0.01']);
    const half = term('c', { kind: 'commitment', amount: '300' }, between(1360));
    assert.deepEqual(texts(linesOf([half])), ['c 50']);
  });

  it('are for each subscription where they say so', () => {
    const terms = [
      term('fee', { kind: 'fee', amount: '1', per: 'subscription' }),
      term('off', { kind: 'discount', amount: '40', per: 'subscription', meterIds: ['vm'] }),
    ];
    assert.deepEqual(texts(linesOf(terms)), ['off a -40', 'off b -30', 'fee a 1', 'fee b 1']);
  });

  it('take off no more than there is', () => {
    const terms = [
      term('one', { kind: 'discount', amount: '95' }),
      term('two', { kind: 'discount', amount: '95' }, { effectiveFrom: hourNumber(1) }),
      term('free', { kind: 'credit', amount: '10' }),
    ];
    assert.deepEqual(texts(linesOf(terms)), ['one -95', 'two -5']);
    assert.deepEqual(texts(linesOf([terms[2]!], { charges: [], other: d('-3') })), []);
    assert.deepEqual(texts(linesOf([terms[2]!], { charges: [], other: d('3') })), ['free -3']);
  });

  it('that are given once are used up', () => {
    const terms = [
      term('amount', { kind: 'discount', amount: '50', recurrence: 'once' }),
      term('percent', { kind: 'discount', percent: '50', recurrence: 'once' }),
      term('quantity', { kind: 'discount', quantity: '20', meterId: 'vm', recurrence: 'once' }),
      term('credit', { kind: 'credit', amount: '1000', recurrence: 'once' }),
    ];
    const used = [
      use('amount', '30'),
      use('amount', '15'),
      use('percent', '3'),
      use('quantity', '6', '10'),
      use('credit', '970'),
    ];
    assert.deepEqual(texts(linesOf(terms, { used })), ['quantity -6', 'amount -5', 'credit -30']);
    const all = [use('amount', '50'), use('quantity', '12', '20'), use('credit', '1000')];
    assert.deepEqual(texts(linesOf(terms, { used: all })), ['percent -50']);
  });

  it('are worth what they are however many digits that takes', () => {
    // Amounts of charges are exact, and may fill a number.
    const charges = [
      charge(A, 'vm', '3', `10.${'3'.repeat(59)}`),
      charge(B, 'vm', `0.${'7'.repeat(30)}`, `5.${'1'.repeat(59)}`),
    ];
    const terms = [
      term('percent', { kind: 'discount', percent: '33.333333333333' }),
      term('quantity', { kind: 'discount', quantity: '0.123456789012', meterId: 'vm' }),
    ];
    // 15.44... by 0.123... of 3.77..., then a third of the rest.
    assert.deepEqual(texts(linesOf(terms, { charges })), ['quantity -0.5', 'percent -4.98']);
    const scalesOf = linesOf(terms, { charges, round: (amount) => amount }).map(
      ({ amount }) => amount.scale,
    );
    assert.ok(
      scalesOf.every((scale) => scale > 25 && scale <= 30),
      scalesOf.join(),
    );
  });

  it('leave alone what is below zero, and what nobody used', () => {
    const charges = [charge(A, 'vm', '-5', '-10'), charge(B, 'vm', '0', '0')];
    const terms = [
      term('off', { kind: 'discount', percent: '50' }),
      term('fee', { kind: 'fee', amount: '1', per: 'subscription' }),
    ];
    assert.deepEqual(texts(linesOf(terms, { charges })), ['fee a 1']);
  });
});

describe('terms, whatever they are', () => {
  const amounts = fc
    .tuple(fc.bigInt({ min: -20_000n, max: 100_000n }), fc.boolean())
    .map(([cents, isOdd]) => Decimal.fromBigInt(isOdd ? cents : cents * 7n, 2));
  const charges = fc.array(
    fc
      .tuple(
        fc.constantFrom(A, B),
        fc.constantFrom('vm', 'disk'),
        amounts,
        fc.bigInt({ min: 0n, max: 500n }),
      )
      .map(([subscriptionId, meterId, amount, quantity]) => ({
        subscriptionId,
        meterId,
        amount,
        quantity: Decimal.fromBigInt(quantity, 1),
      })),
    { maxLength: 6 },
  );
  const figure = fc
    .integer({ min: 1, max: 9999 })
    .map((cents) => Decimal.fromBigInt(BigInt(cents), 2).toText());
  const per = fc.constantFrom('account', 'subscription');
  const recurrence = fc.constantFrom('once', 'recurring');
  const definitions = fc.oneof(
    fc.record({ kind: fc.constant('fee'), amount: figure, per, prorated: fc.boolean() }),
    fc.record({ kind: fc.constant('discount'), percent: figure, per, recurrence }),
    fc.record({ kind: fc.constant('discount'), amount: figure, per, recurrence }),
    fc.record({
      kind: fc.constant('discount'),
      quantity: figure,
      meterId: fc.constant('vm'),
      per,
      recurrence,
    }),
    fc.record({ kind: fc.constant('credit'), amount: figure, recurrence }),
    fc.record({ kind: fc.constant('commitment'), amount: figure }),
  );
  const terms = fc
    .array(fc.tuple(definitions, fc.nat(1800)), { maxLength: 6 })
    .map((list) =>
      list.map(([fields, from], at) => term(`t${at}`, fields, { effectiveFrom: hourNumber(from) })),
    );

  it('never take usage or what is to pay below zero, and are in whole cents', () => {
    fc.assert(
      fc.property(charges, terms, (given, agreed) => {
        const lines = linesOf(agreed, { charges: given });
        const positive = given.filter(({ amount }) => !amount.isNegative());
        const usage = sumOf(positive.map(({ amount }) => amount));
        const of = (...kinds: readonly string[]): Decimal =>
          sumOf(lines.filter(({ kind }) => kinds.includes(kind)).map(({ amount }) => amount));
        assert.ok(!usage.add(of('discount')).isNegative());
        const before = sumOf(given.map(({ amount }) => amount)).add(
          of('discount', 'fee', 'commitment'),
        );
        assert.ok(of('credit').isZero() || !before.add(of('credit')).isNegative());
        for (const { kind, amount } of lines) {
          assert.ok(amount.scale <= 2 && !amount.isZero());
          assert.equal(amount.isNegative(), kind === 'discount' || kind === 'credit');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('do not depend on the order of charges and terms', () => {
    fc.assert(
      fc.property(charges, terms, (given, agreed) => {
        const lines = linesOf(agreed, { charges: given });
        const turned = linesOf(agreed.toReversed(), { charges: given.toReversed() });
        assert.deepEqual(texts(turned), texts(lines));
      }),
      { numRuns: 1000 },
    );
  });
});
