import { parseAccountId } from '../../accounts/index.ts';
import { invalid, oneOf, single, type ParameterLists } from '../../../analysis/index.ts';
import type { Authenticate, Principal } from '../../../identity/index.ts';
import type { Clock, Database } from '../../../platform/index.ts';
import {
  accountsFor,
  authorizeAccount,
  periodBounds,
  readAccountTree,
  type AccountTree,
  type BillingAccount,
} from '../../accounts/index.ts';
import { hourNumber } from '../../../kernel/index.ts';
import type { NamesOf } from '../query/ground.ts';
import { viewpointOf, type CostView, type Viewpoint } from '../viewpoint.ts';

/** What the routes of cost analysis need. */
export interface CostAnalysisApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** Unless given, a subscription has the name of its account, or its id. */
  readonly namesOf?: NamesOf | undefined;
}

export const READ = 'Stackmeter.Billing/charges/read';

/** Parameters that say whose costs. */
export const VIEWPOINT_PARAMETERS = ['account', 'view', 'currency', 'buyer'];

/** Who is looked at, once it is clear that the caller may. */
export interface Asked {
  readonly principal: Principal;
  readonly tree: AccountTree;
  readonly viewpoint: Viewpoint;
  readonly buyers: readonly string[] | undefined;
}

/**
 * @throws BillingAccountNotFound, AuthorizationFailed, InvalidProperty
 */
export async function askedOf(
  { database }: CostAnalysisApi,
  principal: Principal,
  parameters: ParameterLists,
  fixedView?: CostView,
): Promise<Asked> {
  const tree = await readAccountTree(database.pool);
  const account = await accountOf(principal, tree, single(parameters, 'account'));
  const view = fixedView ?? readView(parameters);
  const currency = single(parameters, 'currency');
  const viewpoint = viewpointOf(tree, account, { view, currency });
  return { principal, tree, viewpoint, buyers: readBuyers(parameters) };
}

function readView(parameters: ParameterLists): CostView | undefined {
  if (single(parameters, 'view') === undefined) return undefined;
  return oneOf(parameters, 'view', ['buying', 'selling'] as const, 'buying');
}

function readBuyers(parameters: ParameterLists): string[] | undefined {
  return parameters.get('buyer')?.map((text) => {
    const id = parseAccountId(text);
    if (id === undefined)
      throw invalid('buyer', text.slice(0, 100), 'it has to be the id of an account');
    return id;
  });
}

/** The account that is named, or the one above all others that the caller may see. */
async function accountOf(
  principal: Principal,
  tree: AccountTree,
  named: string | undefined,
): Promise<BillingAccount> {
  if (named !== undefined) return authorizeAccount(principal, READ, tree, named);
  const seen = accountsFor(principal, READ, tree);
  const ids = new Set(seen.map(({ accountId }) => accountId));
  const topmost = seen.filter(({ parentId }) => parentId === undefined || !ids.has(parentId));
  const [only, ...more] = topmost;
  if (only !== undefined && more.length === 0) return only;
  const rule =
    only === undefined ? 'it is required: you may see the costs of none' : 'say of which account';
  throw invalid('account', '', rule);
}

/**
 * Costs are kept by UTC day, and a day in which a billing period begins in two parts.
 *
 * @throws InvalidProperty for an hour at which none of them begins
 */
export function checkHours(
  { buyers, account }: Viewpoint,
  range: { readonly from: number; readonly to: number },
): void {
  for (const name of ['from', 'to'] as const) {
    const hour = hourNumber(range[name]);
    if (hour % 24 === 0) continue;
    if ([account, ...buyers].some((one) => periodBounds(one, hour).fromHour === hour)) continue;
    const rule = 'costs are kept by day: midnight UTC, or where a billing period begins';
    throw invalid(name, Temporal.Instant.fromEpochMilliseconds(hour * 3_600_000).toString(), rule);
  }
}
