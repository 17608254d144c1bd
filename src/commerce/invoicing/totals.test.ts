import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { halfEven, sumOf, type Decimal } from '../../kernel/index.ts';
import { parseAccountId } from '../accounts/index.ts';
import { cancellingLines } from './credit-note.ts';
import type { InvoiceLine } from './line.ts';
import { linesOf } from './lines.ts';
import { postingsOf, type PostedLine } from './posting.ts';
import { chargeParts, decimal, EUR, REDUCED, STANDARD, termParts } from './test-lines.ts';
import { negateLine, negateTotals, totalsOf } from './totals.ts';

const party = parseAccountId(randomUUID())!;
const customerName = (id: string): string => id;

const invoices = fc
  .tuple(chargeParts, termParts)
  .map(([charges, terms]) => linesOf({ currency: EUR, charges, terms, customerName }));

function posted(lines: readonly InvoiceLine[]): PostedLine[] {
  return lines.flatMap(({ kind, exactAmount }) =>
    kind === 'cancellation' ? [] : [{ kind, exactAmount }],
  );
}

function amountOn(postings: ReturnType<typeof postingsOf>, account: string): Decimal {
  return sumOf(postings.filter((one) => one.account === account).map(({ amount }) => amount));
}

describe('the totals of an invoice', () => {
  it('are sums of its lines, and what the ledger posts (1,000 cases)', () => {
    const property = fc.property(invoices, (lines) => {
      const totals = totalsOf(lines, EUR);
      const sum = sumOf(lines.map(({ amount }) => amount));
      assert.ok(totals.net.equals(sum));
      assert.ok(totals.gross.equals(sum.add(totals.tax)));
      assert.ok(sumOf(totals.taxes.map(({ base }) => base)).equals(sum));
      const postings = postingsOf(posted(lines), totals, 1, { party, currency: EUR });
      assert.ok(amountOn(postings, 'receivable').equals(totals.gross));
      assert.ok(amountOn(postings, 'tax').equals(totals.tax.negate()));
      const exact = (kinds: readonly string[]): Decimal =>
        sumOf(lines.filter(({ kind }) => kinds.includes(kind)).map((one) => one.exactAmount));
      assert.ok(amountOn(postings, 'unbilled').equals(exact(['usage', 'correction']).negate()));
      assert.ok(amountOn(postings, 'fees').equals(exact(['fee']).negate()));
      assert.ok(amountOn(postings, 'commitments').equals(exact(['commitment']).negate()));
      assert.ok(amountOn(postings, 'discounts').equals(exact(['discount']).negate()));
      assert.ok(amountOn(postings, 'credits').equals(exact(['credit']).negate()));
      const rounded = sumOf(lines.map((one) => one.exactAmount.subtract(one.amount)));
      assert.ok(amountOn(postings, 'rounding').equals(rounded));
      assert.ok(sumOf(postings.map(({ amount }) => amount)).isZero());
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('and a credit note over all of it come to nothing (1,000 cases)', () => {
    const property = fc.property(invoices, (lines) => {
      const invoice = totalsOf(lines, EUR);
      const note = cancellingLines(lines);
      assert.deepEqual(totalsOf(note, EUR), invoice);
      const to = { party, currency: EUR };
      const postings = [
        ...postingsOf(posted(lines), invoice, 1, to),
        ...postingsOf(posted(lines), totalsOf(note, EUR), -1, to),
      ];
      for (const account of new Set(postings.map((one) => one.account))) {
        assert.ok(amountOn(postings, account).isZero(), account);
      }
      for (const [at, line] of note.entries()) {
        assert.deepEqual([line.kind, line.cancels], ['cancellation', lines[at]!.line]);
        assert.ok(line.exactAmount.equals(lines[at]!.exactAmount));
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('turn round for a credit note without changing what they post (1,000 cases)', () => {
    const property = fc.property(invoices, (lines) => {
      const totals = totalsOf(lines, EUR);
      const turned = lines.map(negateLine);
      assert.deepEqual(totalsOf(turned, EUR), negateTotals(totals));
      const to = { party, currency: EUR };
      const forwards = postingsOf(posted(lines), totals, 1, to);
      const backwards = postingsOf(posted(turned), totalsOf(turned, EUR), -1, to);
      for (const { account } of forwards) {
        assert.equal(
          amountOn(forwards, account).toText(),
          amountOn(backwards, account).toText(),
          account,
        );
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('round tax once for each category and rate, not for each line (1,000 cases)', () => {
    const property = fc.property(invoices, (lines) => {
      const { taxes } = totalsOf(lines, EUR);
      assert.ok(taxes.length <= 2);
      for (const { percent, base, amount } of taxes) {
        const exact = base.multiply(percent).multiply(decimal('0.01'));
        assert.ok(amount.equals(exact.roundTo(2, halfEven)));
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('of 3 lines at 0.33 and 20 % are taxed on 0.99', () => {
    const line = { amount: decimal('0.33'), tax: STANDARD };
    const { taxes, tax } = totalsOf([line, line, line], EUR);
    assert.equal(tax.toText(), '0.2');
    assert.equal(taxes.length, 1);
    const two = totalsOf([line, { ...line, tax: REDUCED }], EUR);
    assert.deepEqual(
      two.taxes.map(({ percent, amount }) => [percent.toText(), amount.toText()]),
      [
        ['20', '0.07'],
        ['5.5', '0.02'],
      ],
    );
  });
});
