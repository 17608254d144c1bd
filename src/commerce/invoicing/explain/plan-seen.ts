import { isJsonObject } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import {
  parseAccountId,
  readAccountTree,
  sellerOf,
  type AccountId,
  type AccountTree,
} from '../../accounts/index.ts';
import type { ChargeExplanation } from '../../rating/index.ts';
import type { PlanExplanation, PriceExplanation } from './explanation.ts';

/** Whether who asks may see what this account, as a seller, pays and charges. */
export type MayRead = (seller: AccountId, tree: AccountTree) => Promise<boolean>;

/**
 * The prices of a charge as somebody may see them: all may see what the buyer pays; from which prices of its own the
 * seller came to that, with which markup, is the seller's, and so on up.
 */
export async function explainPrice(
  db: Queryable,
  { plan, item, group }: ChargeExplanation,
  mayRead: MayRead | undefined,
): Promise<PriceExplanation> {
  const chain = readChain(plan.chain);
  if (mayRead !== undefined && chain.length > 0) {
    const tree = await readAccountTree(db);
    for (const { accountId } of chain) {
      const seller = sellerOf(tree, accountId);
      const isSeen = seller !== undefined && (await mayRead(seller.accountId, tree));
      if (!isSeen) return { plan: undefined, item: undefined, group };
    }
  }
  const { priceListId, version, problem, effectiveFrom, factor, exchangeRate } = plan;
  const figures = { priceListId, version, problem, effectiveFrom, factor, exchangeRate };
  return { plan: { ...figures, chain }, item, group };
}

/** As rating keeps it: JSON of accounts and percentages. */
function readChain(text: string): PlanExplanation['chain'] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((one: unknown) => {
    if (!isJsonObject(one)) return [];
    const { accountId, markupPercent } = one;
    const id = typeof accountId === 'string' ? parseAccountId(accountId) : undefined;
    return id === undefined || typeof markupPercent !== 'string'
      ? []
      : [{ accountId: id, markupPercent }];
  });
}
