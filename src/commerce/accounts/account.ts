import {
  isGuid,
  type Brand,
  type Currency,
  type Instant,
  type SubscriptionId,
} from '../../kernel/index.ts';

/** A billing account, as lower-case GUID text. */
export type AccountId = Brand<string, 'AccountId'>;

/** Reads a GUID in any case; undefined for anything else. */
export function parseAccountId(text: string): AccountId | undefined {
  const id = text.toLowerCase();
  return isAccountId(id) ? id : undefined;
}

function isAccountId(text: string): text is AccountId {
  return isGuid(text);
}

/**
 * - provider: the operator of commerce, the root of the tree;
 * - partner: buys for all below it and sells to them;
 * - enterprise: one invoice for all below it;
 * - customer: a subscription of commerce on which usage is booked.
 */
export const accountKinds = ['provider', 'partner', 'enterprise', 'customer'] as const;
export type AccountKind = (typeof accountKinds)[number];

export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

/** What becomes of usage of a period that was invoiced: the next invoice has it, or a note of its own. */
export const lateUsagePolicies = ['NextInvoice', 'Note'] as const;
export type LateUsage = (typeof lateUsagePolicies)[number];

/** Somebody who is billed, or bills, or both. */
export interface BillingAccount {
  readonly accountId: AccountId;
  readonly kind: AccountKind;
  /** Undefined of the provider alone. */
  readonly parentId: AccountId | undefined;
  /** Of commerce: roles on it are roles on the account, and usage that is booked on it is the account's. */
  readonly subscriptionId: SubscriptionId | undefined;
  readonly name: string;
  readonly street: string | undefined;
  readonly street2: string | undefined;
  readonly city: string | undefined;
  readonly postalCode: string | undefined;
  readonly region: string | undefined;
  /** Two capital letters (ISO 3166-1). */
  readonly country: string | undefined;
  /** Number for value added tax, with the prefix of its country. */
  readonly taxId: string | undefined;
  /** Number in the register of companies. */
  readonly registrationId: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  /** Why its purchases are not taxed; undefined: they are. */
  readonly taxExemption: string | undefined;
  /** What it wants to find again on its invoices. */
  readonly buyerReference: string | undefined;
  /** Before the numbers of the invoices that it issues; empty of those that sell nothing. */
  readonly seriesPrefix: string;
  readonly iban: string | undefined;
  readonly bic: string | undefined;
  /** Whether there is a picture for the invoices that it issues. */
  readonly hasLogo: boolean;
  readonly currency: Currency;
  readonly language: Language;
  /** Local day on which its billing periods begin, 1 to 28. */
  readonly billingDay: number;
  /** Name in the time zone database. */
  readonly timeZone: string;
  readonly lateUsage: LateUsage;
  /** After the end of a period: hours until its usage is taken as complete. */
  readonly waitHours: number;
  /** Then days in which the draft can be looked at. */
  readonly reviewDays: number;
  /** Then days to pay. */
  readonly paymentDays: number;
  readonly etag: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** What an account has of which nobody has said anything. */
export const UNSAID = {
  subscriptionId: undefined,
  street: undefined,
  street2: undefined,
  city: undefined,
  postalCode: undefined,
  region: undefined,
  country: undefined,
  taxId: undefined,
  registrationId: undefined,
  email: undefined,
  phone: undefined,
  taxExemption: undefined,
  buyerReference: undefined,
  iban: undefined,
  bic: undefined,
  hasLogo: false,
  billingDay: 1,
  lateUsage: 'NextInvoice',
  waitHours: 24,
  reviewDays: 3,
  paymentDays: 30,
} as const satisfies Partial<BillingAccount>;

/** Reads the name of a kind in any case; undefined for anything else. */
export function parseAccountKind(text: string): AccountKind | undefined {
  return accountKinds.find((kind) => kind === text.toLowerCase());
}

/** An account as answers and commands have it; what is not known is left out. */
export function toWireAccount(account: BillingAccount): Readonly<Record<string, unknown>> {
  const { createdAt, updatedAt, ...rest } = account;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    createdAt: createdAt.toString(),
    updatedAt: updatedAt.toString(),
  };
}

/** Whether it issues invoices to those below it. */
export function isSeller({ kind }: Pick<BillingAccount, 'kind'>): boolean {
  return kind === 'provider' || kind === 'partner';
}
