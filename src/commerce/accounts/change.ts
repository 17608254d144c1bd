import { randomUUID } from 'node:crypto';
import { fail } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, type Queryable } from '../../platform/index.ts';
import { isSeller, UNSAID, type AccountId, type BillingAccount } from './account.ts';
import { accountNotFound } from './authorize.ts';
import { holdBilling } from '../pricing/index.ts';
import { checkMatch, type Precondition } from './precondition.ts';
import { haveCharges, haveInvoices, holdInvoicing, isPrefixUsed, writeAccount } from './store.ts';
import { buyerOf, readAccountTree, salesTo, treeOf, type AccountTree } from './tree.ts';

type Fixed = 'accountId' | 'hasLogo' | 'etag' | 'createdAt' | 'updatedAt';
type Wanted = Omit<BillingAccount, Fixed>;

/** What can be said of an account; what is left out stays, null takes away what need not be there. */
export type AccountChange = { readonly accountId: AccountId } & {
  readonly [Name in keyof Wanted]?:
    Wanted[Name] | (undefined extends Wanted[Name] ? null : undefined);
};

/**
 * Makes an account, or changes one that is there. A new one needs a name and a kind; it is below the
 * provider unless said otherwise and takes currency, language and time zone from the one above it.
 *
 * @throws InvalidProperty where the tree allows no such account, BillingAccountInUse when something was
 *   charged that the change would move, Conflict, SubscriptionNotFound, PreconditionFailed,
 *   BillingAccountNotFound for an unknown parent
 */
export async function putAccount(
  tx: Queryable,
  change: AccountChange,
  changing: Changing,
  precondition?: Precondition,
): Promise<{ readonly account: BillingAccount; readonly created: boolean }> {
  await holdBilling(tx);
  const tree = await readAccountTree(tx);
  const before = tree.get(change.accountId);
  checkMatch(precondition, before);
  // As the database keeps it.
  const now = changing.clock.now().round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
  const stamp = { etag: randomUUID(), updatedAt: now };
  const account: BillingAccount = {
    ...(before ?? { ...newAccount(tree, change), accountId: change.accountId, createdAt: now }),
    ...given(change),
    ...stamp,
  };
  checkPlace(tree, account);
  const changes = Object.keys(given(change)).filter(
    (name) => before === undefined || valueOf(before, name) !== valueOf(account, name),
  );
  if (before !== undefined) {
    if (changes.length === 0) return { account: before, created: false };
    await checkUnused(tx, tree, before, account);
  }
  if (isSeller(account) && (await isPrefixUsed(tx, account))) {
    throw inUse(account, `another account issues invoices with the prefix ${account.seriesPrefix}`);
  }
  await write(tx, account);
  const detail = Object.fromEntries(changes.map((name) => [name, valueOf(account, name) ?? null]));
  await tellAccount(tx, changing, account.accountId, detail);
  return { account, created: before === undefined };
}

/** Tells the audit trail what about an account is new. */
export async function tellAccount(
  tx: Queryable,
  { clock, actor }: Changing,
  accountId: AccountId,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const target = `/billingAccounts/${accountId}`;
  const action = 'Stackmeter.Billing/accounts/write';
  await appendAudit(tx, clock, { actor, action, target, detail });
}

function newAccount(tree: AccountTree, change: AccountChange): Wanted & { hasLogo: boolean } {
  const { accountId, kind, name, parentId } = change;
  if (kind === undefined) throw invalidProperty('kind', undefined, 'a new account has one');
  if (name === undefined) throw invalidProperty('name', undefined, 'a new account has one');
  const parent = tree.get(parentId ?? tree.root.accountId) ?? tree.root;
  return {
    ...UNSAID,
    kind,
    name,
    parentId: parent.accountId,
    seriesPrefix: kind === 'partner' ? `P${accountId.slice(0, 8).toUpperCase()}` : '',
    currency: parent.currency,
    language: parent.language,
    timeZone: parent.timeZone,
  };
}

/** What a change says, null as undefined. */
function given(change: AccountChange): Partial<BillingAccount> {
  const said = Object.entries(change).filter(
    ([name, value]) => name !== 'accountId' && value !== undefined,
  );
  return Object.fromEntries(said.map(([name, value]) => [name, value ?? undefined]));
}

function valueOf(account: BillingAccount, name: string): unknown {
  return Object.entries(account).find(([key]) => key === name)?.[1];
}

/** Below what an account of each kind may be. */
const PARENTS = {
  provider: [],
  partner: ['provider', 'partner'],
  enterprise: ['provider', 'partner', 'enterprise'],
  customer: ['provider', 'partner', 'enterprise'],
} as const satisfies Readonly<Record<BillingAccount['kind'], readonly BillingAccount['kind'][]>>;

function checkPlace(tree: AccountTree, account: BillingAccount): void {
  const { accountId, kind, parentId, subscriptionId, seriesPrefix } = account;
  const isRoot = accountId === tree.root.accountId;
  if (isRoot !== (kind === 'provider')) {
    throw invalidProperty('kind', kind, 'there is one provider, which is made with the database');
  }
  if (isRoot) {
    if (parentId !== undefined)
      throw invalidProperty('parentId', parentId, 'the provider has none');
    if (subscriptionId !== undefined) {
      throw invalidProperty('subscriptionId', subscriptionId, 'the provider has none');
    }
  } else {
    checkParent(tree, account);
  }
  if (kind === 'customer' && subscriptionId === undefined) {
    throw invalidProperty('subscriptionId', undefined, 'a customer is a subscription of commerce');
  }
  for (const child of tree.below(accountId)) {
    if (child.parentId === accountId) requireKind(child.kind, kind, 'kind');
  }
  if (isSeller(account) && seriesPrefix === '') {
    throw invalidProperty('seriesPrefix', '', 'whoever sells has one, of letters and digits');
  }
}

function checkParent(tree: AccountTree, { accountId, kind, parentId }: BillingAccount): void {
  const parent = parentId && tree.get(parentId);
  if (!parent) throw accountNotFound(parentId ?? '');
  const line = [parent, ...tree.ancestors(parent.accountId)];
  if (line.some((one) => one.accountId === accountId)) {
    throw invalidProperty('parentId', parent.accountId, 'it is below the account itself');
  }
  requireKind(kind, parent.kind, 'parentId');
}

function requireKind(
  kind: BillingAccount['kind'],
  above: BillingAccount['kind'],
  parameter: string,
): void {
  const allowed: readonly string[] = PARENTS[kind];
  if (allowed.includes(above)) return;
  const rule = `an account of the kind ${kind} is below ${allowed.join(' or ')}, not below ${above}`;
  throw invalidProperty(parameter, above, rule);
}

/** What was charged was charged to somebody, in a currency. @throws BillingAccountInUse */
async function checkUnused(
  tx: Queryable,
  tree: AccountTree,
  before: BillingAccount,
  after: BillingAccount,
): Promise<void> {
  const wholes = ['parentId', 'kind', 'subscriptionId', 'currency'] as const;
  const changed = wholes.find((name) => before[name] !== after[name]);
  // The provider buys nothing: its currency is what new accounts begin with.
  if (changed === undefined || before.kind === 'provider') return;
  const below = tree.below(before.accountId);
  const moved = [before, ...soldAnew(tree, after, below)];
  await holdInvoicing(tx, moved);
  if (await haveCharges(tx, [before, ...below])) {
    throw inUse(before, `usage of it was charged already, so its ${changed} stays`);
  }
  if (!(await haveInvoices(tx, moved))) return;
  const whose = moved.length > 1 ? 'it or an account below it' : 'it';
  throw inUse(before, `${whose} was invoiced or has paid already, so its ${changed} stays`);
}

/** Those of which another account buys the usage, or to which another one sells, once an account is changed. */
function soldAnew(
  tree: AccountTree,
  after: BillingAccount,
  among: readonly BillingAccount[],
): BillingAccount[] {
  const all = [tree.root, ...tree.below(tree.root.accountId)];
  const next = treeOf(all.map((one) => (one.accountId === after.accountId ? after : one)));
  const saleIn = (where: AccountTree, one: BillingAccount): string => {
    const buyer = buyerOf(one, where.ancestors(one.accountId));
    return `${buyer.accountId} ${salesTo(where, one)[0]?.seller.accountId}`;
  };
  return among.filter((one) => saleIn(tree, one) !== saleIn(next, one));
}

function inUse({ accountId }: BillingAccount, reason: string): Error {
  return fail('BillingAccountInUse', { account: accountId, reason });
}

async function write(tx: Queryable, account: BillingAccount): Promise<void> {
  try {
    await writeAccount(tx, account);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const subscriptionId = account.subscriptionId ?? '';
    if (code === '23503') throw fail('SubscriptionNotFound', { subscriptionId }, { cause: error });
    if (code !== '23505') throw error;
    const reason = `the subscription ${subscriptionId} has an account already, which can be moved or changed`;
    throw fail('Conflict', { reason }, { cause: error });
  }
}
