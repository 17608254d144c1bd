import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, parseCurrency, sumOf } from '../../../kernel/index.ts';
import { parseAccountId } from '../../accounts/index.ts';
import { decimal, EUR } from '../test-lines.ts';
import { shareCredits, type Credit } from './credit.ts';
import type { OpenItem } from './open-items.ts';
import { allocatePayment, NotAllocable } from './payment.ts';
import { reminderLevel } from './reminders.ts';

const issuerId = parseAccountId(randomUUID())!;

function item(number: string, open: Decimal): OpenItem {
  const invoiceId = randomUUID();
  return { invoiceId, number, issuerId, currency: EUR, dueDate: '2026-11-01', gross: open, open };
}

const cents = fc.bigInt({ min: 1n, max: 10n ** 9n }).map((one) => Decimal.fromBigInt(one, 2));
const items = fc
  .array(cents, { maxLength: 8 })
  .map((all) => all.map((open, at) => item(`INV-${at}`, open)));

describe('a payment', () => {
  it('pays what is due first, and never more than is open or was paid (1,000 cases)', () => {
    const property = fc.property(cents, items, (amount, open) => {
      const parts = allocatePayment(amount, open, undefined);
      const owed = sumOf(open.map((one) => one.open));
      const paid = sumOf(parts.map((one) => one.amount));
      assert.ok(paid.equals(amount.compare(owed) < 0 ? amount : owed));
      for (const [at, part] of parts.entries()) {
        assert.equal(part.number, open[at]!.number);
        const isLast = at === parts.length - 1;
        if (!isLast) assert.ok(part.amount.equals(open[at]!.open));
        assert.ok(part.amount.compare(open[at]!.open) <= 0);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('goes to the invoices that are named, all that is open or a part', () => {
    const open = [item('A-1', decimal('10')), item('A-2', decimal('20'))];
    const named = allocatePayment(decimal('25'), open, [
      { number: 'a-2', amount: decimal('5.5') },
      { number: 'A-1' },
    ]);
    assert.deepEqual(
      named.map(({ number, amount }) => [number, amount.toText()]),
      [
        ['A-2', '5.5'],
        ['A-1', '10'],
      ],
    );
  });

  it('is refused for what is not open, twice the same, and more than there is', () => {
    const open = [item('A-1', decimal('10')), item('A-2', decimal('20'))];
    const refused = [
      [{ number: 'A-3' }],
      [{ number: 'A-1' }, { number: 'A-1' }],
      [{ number: 'A-1', amount: decimal('10.01') }],
      [{ number: 'A-1', amount: decimal('-1') }],
      [{ number: 'A-2', amount: decimal('12') }],
    ];
    for (const wanted of refused) {
      assert.throws(() => allocatePayment(decimal('11'), open, wanted), NotAllocable);
    }
  });
});

describe('what an account has to its good', () => {
  const credit = (free: Decimal, about?: string): Credit => ({
    kind: about === undefined ? 'payment' : 'note',
    id: randomUUID(),
    currency: EUR,
    free,
    about,
  });

  it('pays all that it can of what is due first, and nothing twice (1,000 cases)', () => {
    const credits = fc.array(cents, { maxLength: 6 }).map((all) => all.map((free) => credit(free)));
    const property = fc.property(items, credits, (open, free) => {
      const shares = shareCredits(open, free);
      const owed = sumOf(open.map((one) => one.open));
      const good = sumOf(free.map((one) => one.free));
      const paid = sumOf(shares.map(({ amount }) => amount));
      assert.ok(paid.equals(owed.compare(good) < 0 ? owed : good));
      const paidOf = (id: string): Decimal =>
        sumOf(shares.filter(({ invoiceId }) => invoiceId === id).map(({ amount }) => amount));
      const isFull = open.map((one) => paidOf(one.invoiceId).equals(one.open));
      const firstLeft = isFull.indexOf(false);
      const after = firstLeft < 0 ? [] : open.slice(firstLeft + 1);
      assert.ok(after.every(({ invoiceId }) => paidOf(invoiceId).isZero()));
      for (const one of free) {
        const used = shares.filter(({ credit: of }) => of.id === one.id);
        assert.ok(sumOf(used.map(({ amount }) => amount)).compare(one.free) <= 0);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('pays the invoice that a credit note is about before all else, in its own currency', () => {
    const [first, second] = [item('A-1', decimal('10')), item('A-2', decimal('20'))];
    const note = credit(decimal('25'), second.invoiceId);
    const shares = shareCredits([first, second], [credit(decimal('3')), note]);
    assert.deepEqual(
      shares.map(({ invoiceId, amount }) => [invoiceId, amount.toText()]),
      [
        [second.invoiceId, '20'],
        [first.invoiceId, '3'],
        [first.invoiceId, '5'],
      ],
    );
    const dollars = { ...first, currency: parseCurrency('USD')! };
    assert.deepEqual(shareCredits([dollars], [note]), []);
  });
});

describe('reminders', () => {
  it('are at 7, 14 and 30 days', () => {
    const days = [-3, 0, 6, 7, 13, 14, 29, 30, 400];
    assert.deepEqual(days.map(reminderLevel), [0, 0, 0, 1, 1, 2, 2, 3, 3]);
  });
});
