import { Decimal, fail, roundMoney, sumOf } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { listTerms } from '../../accounts/index.ts';
import { applyTerms, type AccountTerm, type TermLine, type TermUse } from '../../pricing/index.ts';
import { signOf, type FullInvoice, type Invoice } from '../invoice.ts';
import type { InvoiceLine } from '../line.ts';
import { linesOfInvoice } from '../store.ts';
import { periodOf, termUsesBefore, type NamedPeriod } from './explain-store.ts';
import type { TermExplanation } from './explanation.ts';

/** Explains a line by its term: computes it anew from the other lines of the invoice. */
export async function explainTerm(
  db: Queryable,
  invoice: Invoice,
  line: InvoiceLine,
): Promise<TermExplanation | undefined> {
  if (line.termId === undefined) return undefined;
  const terms = await listTerms(db, invoice.accountId);
  const term = terms.find(({ termId }) => termId === line.termId);
  if (term === undefined) throw fail('TermNotFound', { term: line.termId });
  const period = await periodOf(db, invoice.period);
  const used = await termUsesBefore(db, invoice);
  const lines = await linesOfInvoice(db, invoice.invoiceId);
  const anew =
    line.correctsPeriod === undefined ? computed(terms, used, period, lines, invoice) : [];
  const own = anew.find(
    ({ termId, subscriptionId }) =>
      termId === term.termId && subscriptionId === line.subscriptionId,
  );
  return {
    term,
    hours: hoursOf(term, period),
    base: own?.base,
    used: sumOf(
      used
        .filter(({ termId, subscriptionId }) => {
          const isSame = subscriptionId === line.subscriptionId;
          return termId === term.termId && (isSame || line.subscriptionId === undefined);
        })
        .map(({ amount }) => amount),
    ),
    computed: own?.amount,
  };
}

/** The lines of all terms, from what the invoice has of usage: as when it was issued. */
function computed(
  terms: readonly AccountTerm[],
  used: readonly TermUse[],
  period: NamedPeriod,
  lines: readonly InvoiceLine[],
  invoice: Pick<FullInvoice, 'currency' | 'kind'>,
): TermLine[] {
  const sign = Decimal.fromBigInt(BigInt(signOf(invoice)));
  const usage = lines.filter(({ kind }) => kind === 'usage');
  const corrections = lines.filter(({ correctsPeriod }) => correctsPeriod !== undefined);
  return applyTerms({
    period,
    charges: usage.flatMap(({ subscriptionId, meterId, quantity, amount }) =>
      subscriptionId === undefined || meterId === undefined
        ? []
        : [
            {
              subscriptionId,
              meterId,
              quantity: quantity.multiply(sign),
              amount: amount.multiply(sign),
            },
          ],
    ),
    terms,
    used,
    other: sumOf(corrections.map(({ amount }) => amount.multiply(sign))),
    round: (amount) => roundMoney(amount, invoice.currency),
  });
}

function hoursOf(
  { effectiveFrom, effectiveTo }: AccountTerm,
  { fromHour, toHour }: NamedPeriod,
): TermExplanation['hours'] {
  const from = Math.max(effectiveFrom, fromHour);
  const to = Math.min(effectiveTo ?? toHour, toHour);
  return { inForce: Math.max(0, to - from), of: toHour - fromHour };
}
