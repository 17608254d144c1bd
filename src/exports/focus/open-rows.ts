import { Decimal, type Currency } from '../../kernel/index.ts';
import { sellerOf, type AccountId, type AccountTree } from '../../commerce/accounts/index.ts';
import { readOpenCharges, type OpenCharge } from './charge-store.ts';
import type { ChargeFacts, Hours } from './facts.ts';
import { partyOf, providerOf, type RowTools } from './invoice-rows.ts';
import { partsOfCharges } from './line-parts.ts';
import { pricingOfLine } from './pricing-of-line.ts';
import { billingPeriodOf, type FocusRow } from './row.ts';
import type { FocusScope } from './scope.ts';
import { usageRows } from './usage-rows.ts';

/** What was left out of an open period since it has no price yet. */
export interface LeftOut {
  unpricedCharges: number;
}

/** The buyers of a dataset. */
export function buyersOf(tree: AccountTree, { accountId, view }: FocusScope): AccountId[] {
  if (view === 'buying') return [accountId];
  return tree
    .below(accountId)
    .filter((one) => sellerOf(tree, one.accountId)?.accountId === accountId)
    .map((one) => one.accountId);
}

/**
 * What no invoice has yet and one of this period will have, at the prices of now and without an invoice: it is replaced when
 * there is one. That is usage of the period while it is open, and what was used, or priced otherwise, late of periods that
 * were invoiced before, as a correction. Usage that has no price has no rows, since a cost is never made up; how many
 * charges that are is told.
 */
export async function* rowsOfOpenPeriods(
  tools: RowTools,
  tree: AccountTree,
  scope: FocusScope,
  leftOut: LeftOut,
): AsyncGenerator<FocusRow> {
  const buyers = buyersOf(tree, scope);
  for await (const charges of readOpenCharges(tools.db, buyers, scope.periodName)) {
    const known = charges.filter(({ facts }) => amountOf(facts) !== undefined);
    leftOut.unpricedCharges += charges.length - known.length;
    const wanted = new Map(
      known.filter(({ facts }) => hasSomething(facts)).map((one) => [one.facts, one]),
    );
    for await (const [facts, pages] of partsOfCharges(tools.db, [...wanted.keys()])) {
      const rows = await rowsOfCharge(tools, tree, wanted.get(facts)!);
      for await (const page of pages) for (const part of page) yield* rows.of(part);
      yield* rows.end();
    }
  }
}

/** Undefined where it has no price yet; what nobody used needs none. */
function amountOf({ amount, quantity }: ChargeFacts): Decimal | undefined {
  return amount ?? (quantity.isZero() ? Decimal.zero : undefined);
}

function hasSomething(facts: ChargeFacts): boolean {
  const { quantity, invoicedQuantity, invoicedAmount } = facts;
  return !quantity.equals(invoicedQuantity) || amountOf(facts)?.equals(invoicedAmount) !== true;
}

async function rowsOfCharge(
  { plans, hostName }: RowTools,
  tree: AccountTree,
  { facts, billing, isCorrection }: OpenCharge,
): Promise<ReturnType<typeof usageRows>> {
  const { quantity, invoicedAmount, invoicedQuantity } = facts;
  const amount = amountOf(facts);
  if (amount === undefined) throw new Error(`the charge ${facts.charge} has no amount`);
  const left = amount.subtract(invoicedAmount);
  const shown = {
    quantity: quantity.subtract(invoicedQuantity),
    amount: left,
    unitPrice: undefined,
  };
  const { base, currency } = openBase(tree, facts, billing);
  return usageRows({
    facts,
    base: {
      ...base,
      x_CorrectedPeriodName: isCorrection ? facts.period.name : null,
      x_LineKind: isCorrection ? 'correction' : 'usage',
    },
    recordId: `open/${facts.charge}`,
    isCorrection,
    hostName,
    priceVersion: await plans.versionOf(facts),
    pricing: pricingOfLine(shown, await plans.termsOf(facts)),
    shown,
    sign: 1,
    billed: left,
    currency,
  });
}

function openBase(
  tree: AccountTree,
  { accountId }: ChargeFacts,
  billing: Hours,
): { readonly base: FocusRow; readonly currency: Currency } {
  const buyer = tree.get(accountId);
  const seller = sellerOf(tree, accountId);
  if (buyer === undefined || seller === undefined) {
    throw new Error(`the account ${accountId} has charges and buys from nobody`);
  }
  const { currency } = buyer;
  const base = {
    ...billingPeriodOf(billing),
    ...partyOf({ accountId, accountName: buyer.name, accountKind: buyer.kind }),
    ...providerOf(seller.name),
    BillingCurrency: currency,
    InvoiceIssuerName: seller.name,
    PricingCurrency: currency,
  };
  return { base, currency };
}
