import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  accountNotFound,
  ensureBillingAccounts,
  findAccount,
  listPricings,
  listTerms,
  parseAccountId,
  putAccount,
  readAccountChange,
  readAccountTree,
  setLogo,
  toWireAccount,
  toWirePricing,
  toWireTerm,
  type AccountTree,
  type BillingAccount,
} from '../commerce/accounts/index.ts';
import { fail, parseSubscriptionId } from '../kernel/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context, type OpenStamp } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** The accounts, each subscription of commerce with one of its own. */
export async function readAccounts({ database, clock }: OpenStamp): Promise<AccountTree> {
  await database.transaction((tx) => ensureBillingAccounts(tx, clock));
  return readAccountTree(database.pool);
}

/** The account that somebody means. @throws BillingAccountNotFound */
export function requireAccount(accounts: AccountTree, text: string): BillingAccount {
  if (text === 'provider') return accounts.root;
  const id = parseAccountId(text);
  const subscriptionId = parseSubscriptionId(text);
  const found =
    (id && accounts.get(id)) ?? (subscriptionId && accounts.ofSubscription(subscriptionId));
  if (!found) throw accountNotFound(text);
  return found;
}

/** `account list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const accounts = await withStamp(context, readAccounts);
  const kind = values.optional('kind');
  const under = values.optional('parent');
  const parent = under === undefined ? undefined : requireAccount(accounts, under).accountId;
  const shown = allOf(accounts)
    .filter((one) => kind === undefined || one.kind === kind)
    .filter((one) => parent === undefined || one.parentId === parent);
  const text = context.json
    ? toJson(shown.map(toWireAccount))
    : toTable(
        ['ACCOUNT', 'KIND', 'NAME', 'SUBSCRIPTION', 'CURRENCY', 'BILLING DAY', 'TIME ZONE'],
        shown.map((one) => [
          one.accountId,
          one.kind,
          one.name,
          one.subscriptionId ?? '',
          one.currency,
          String(one.billingDay),
          one.timeZone,
        ]),
      );
  await write(context.output.out, text);
}

function allOf(accounts: AccountTree): BillingAccount[] {
  return [accounts.root, ...accounts.below(accounts.root.accountId)];
}

/** `account show` */
export async function show(context: Context, values: Arguments): Promise<void> {
  const shown = await withStamp(context, async (open) => {
    const account = requireAccount(await readAccounts(open), values.operand(0));
    const { pool } = open.database;
    return {
      ...toWireAccount(account),
      pricing: (await listPricings(pool, account.accountId)).map(toWirePricing),
      terms: (await listTerms(pool, account.accountId)).map(toWireTerm),
    };
  });
  const text = context.json
    ? toJson(shown)
    : Object.entries(shown)
        .map(([name, value]) => `${`${name}:`.padEnd(18)}${tellValue(value)}\n`)
        .join('');
  await write(context.output.out, text);
}

function tellValue(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return 'none';
  return value.map((one) => `\n  ${JSON.stringify(one)}`).join('');
}

/** `account tree` */
export async function tree(context: Context): Promise<void> {
  const accounts = await withStamp(context, readAccounts);
  const text = context.json
    ? toJson(branchOf(accounts, accounts.root))
    : `${linesOf(accounts, accounts.root).join('\n')}\n`;
  await write(context.output.out, text);
}

function childrenOf(accounts: AccountTree, { accountId }: BillingAccount): BillingAccount[] {
  return accounts.below(accountId).filter(({ parentId }) => parentId === accountId);
}

function branchOf(accounts: AccountTree, account: BillingAccount): object {
  const below = childrenOf(accounts, account).map((one) => branchOf(accounts, one));
  const { accountId, kind, name } = account;
  return { accountId, kind, name, below };
}

/** An account and those below it, each joined to the one above. */
function linesOf(accounts: AccountTree, account: BillingAccount): string[] {
  const children = childrenOf(accounts, account);
  const below = children.flatMap((child, at) => {
    const isLast = at === children.length - 1;
    const [first = '', ...rest] = linesOf(accounts, child);
    return [
      `${isLast ? '└─ ' : '├─ '}${first}`,
      ...rest.map((line) => `${isLast ? '   ' : '│  '}${line}`),
    ];
  });
  return [`${account.name} (${account.kind}) ${account.accountId}`, ...below];
}

const TEXTS = [
  'kind',
  'name',
  'street',
  'street2',
  'city',
  'postalCode',
  'region',
  'country',
  'taxId',
  'registrationId',
  'email',
  'phone',
  'taxExemption',
  'buyerReference',
  'seriesPrefix',
  'iban',
  'bic',
  'currency',
  'language',
  'timeZone',
  'lateUsage',
];
const NUMBERS = ['billingDay', 'waitHours', 'reviewDays', 'paymentDays'];

/** `account set` */
export async function set(context: Context, values: Arguments): Promise<void> {
  const { account, created } = await withStamp(context, async (open) => {
    const accounts = await readAccounts(open);
    const parent = values.optional('parent');
    const fields = {
      ...Object.fromEntries(TEXTS.map((name) => [name, values.optional(name)])),
      ...Object.fromEntries(NUMBERS.map((name) => [name, readNumber(values, name)])),
      subscriptionId: values.optional('subscription'),
      parentId: parent === undefined ? undefined : requireAccount(accounts, parent).accountId,
    };
    const change = readAccountChange(idOf(accounts, values.operand(0)), fields);
    const changing = { clock: open.clock, actor: commandLineActor() };
    return open.database.transaction((tx) => putAccount(tx, change, changing));
  });
  const what = created ? 'is there' : 'is as you said';
  const text = context.json
    ? toJson(toWireAccount(account))
    : `The account ${account.accountId} (${account.name}) ${what}.\n`;
  await write(context.output.out, text);
}

function idOf(accounts: AccountTree, text: string): BillingAccount['accountId'] {
  if (text !== 'new') return requireAccount(accounts, text).accountId;
  const id = parseAccountId(randomUUID());
  if (id === undefined) throw new TypeError('no id could be made');
  return id;
}

function readNumber(values: Arguments, name: string): number | undefined {
  const text = values.optional(name);
  if (text === undefined) return undefined;
  const parse = (digits: string): number | undefined =>
    /^[0-9]{1,3}$/.test(digits) ? Number.parseInt(digits, 10) : undefined;
  return parseArgument(name, text, parse, 'it is a whole number');
}

/** `account logo` */
export async function logo(context: Context, values: Arguments): Promise<void> {
  const [who, path] = [values.operand(0), values.operand(1)];
  const content = path === 'none' ? undefined : await readPicture(path);
  const account = await withStamp(context, async (open) => {
    const { accountId } = requireAccount(await readAccounts(open), who);
    const changing = { clock: open.clock, actor: commandLineActor() };
    await open.database.transaction((tx) => setLogo(tx, accountId, content, changing));
    return findAccount(open.database.pool, accountId);
  });
  if (account === undefined) throw accountNotFound(who);
  const has = account.hasLogo ? 'has its picture' : 'has no picture';
  const text = context.json
    ? toJson(toWireAccount(account))
    : `The account ${account.accountId} (${account.name}) ${has} now.\n`;
  await write(context.output.out, text);
}

async function readPicture(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const rule = `the file cannot be read (${reason})`;
    throw fail('InvalidProperty', { parameter: 'FILE', value: path, rule }, { cause });
  }
}
