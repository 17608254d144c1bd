import type { Currency } from '../../kernel/index.ts';
import { sellerOf, type AccountId, type AccountTree } from '../../commerce/accounts/index.ts';
import { readOpenCharges } from './charge-store.ts';
import type { ChargeFacts } from './facts.ts';
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
 * What was used in periods that are not invoiced yet, at the prices of now and without an invoice: it is replaced when
 * there is one. Usage that has no price has no rows, since a cost is never made up; how many charges that are is told.
 */
export async function* rowsOfOpenPeriods(
  tools: RowTools,
  tree: AccountTree,
  scope: FocusScope,
  leftOut: LeftOut,
): AsyncGenerator<FocusRow> {
  const buyers = buyersOf(tree, scope);
  for await (const charges of readOpenCharges(tools.db, buyers, scope.periodName)) {
    const known = charges.filter(({ amount }) => amount !== undefined);
    leftOut.unpricedCharges += charges.length - known.length;
    const wanted = known.filter(hasSomething);
    for await (const [facts, pages] of partsOfCharges(tools.db, wanted)) {
      const rows = await rowsOfCharge(tools, tree, facts);
      for await (const page of pages) for (const part of page) yield* rows.of(part);
      yield* rows.end();
    }
  }
}

function hasSomething({
  quantity,
  invoicedQuantity,
  amount,
  invoicedAmount,
}: ChargeFacts): boolean {
  return !quantity.equals(invoicedQuantity) || amount?.equals(invoicedAmount) !== true;
}

async function rowsOfCharge(
  { plans, hostName }: RowTools,
  tree: AccountTree,
  facts: ChargeFacts,
): Promise<ReturnType<typeof usageRows>> {
  const { amount, quantity, invoicedAmount, invoicedQuantity } = facts;
  if (amount === undefined) throw new Error(`the charge ${facts.charge} has no amount`);
  const left = amount.subtract(invoicedAmount);
  const shown = {
    quantity: quantity.subtract(invoicedQuantity),
    amount: left,
    unitPrice: undefined,
  };
  return usageRows({
    facts,
    base: openBase(tree, facts),
    recordId: `open/${facts.charge}`,
    isCorrection: false,
    hostName,
    priceVersion: await plans.versionOf(facts),
    pricing: pricingOfLine(shown, await plans.termsOf(facts)),
    sign: 1,
    billed: left,
  });
}

function openBase(tree: AccountTree, { accountId, period }: ChargeFacts): FocusRow {
  const buyer = tree.get(accountId);
  const seller = sellerOf(tree, accountId);
  if (buyer === undefined || seller === undefined) {
    throw new Error(`the account ${accountId} has charges and buys from nobody`);
  }
  const currency: Currency = buyer.currency;
  return {
    ...billingPeriodOf(period),
    ...partyOf({ accountId, accountName: buyer.name, accountKind: buyer.kind }),
    ...providerOf(seller.name),
    BillingCurrency: currency,
    InvoiceIssuerName: seller.name,
    PricingCurrency: currency,
    x_LineKind: 'usage',
  };
}
