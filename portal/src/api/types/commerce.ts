/** What the pages about commerce read. Amounts are decimals as text. */

export interface CommerceSubscription {
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly kind: string;
  readonly partnerId?: string;
  readonly tenantId?: string;
  readonly multitenancyApproved: boolean;
  readonly state: 'Enabled' | 'Disabled';
  readonly createdAt: string;
}

export interface Registration {
  readonly id: string;
  readonly name: string;
  readonly etag: string;
  readonly properties: {
    readonly objectId: string;
    readonly cloudId: string;
    readonly billingModel: string;
    readonly registrationId?: string;
    readonly status: 'Registered' | 'Expired' | 'Reset';
    readonly usageReportingEnabled?: boolean;
    readonly marketplaceSyndicationEnabled?: boolean;
    readonly expiration: string;
    readonly agreementNumber?: string;
    readonly assetTag?: string;
    readonly warning?: string;
  };
}

export interface CustomerSubscription {
  readonly id: string;
  readonly name: string;
  readonly etag: string;
  readonly properties: {
    readonly tenantId: string;
    readonly effectiveFrom: string;
    readonly effectiveTo?: string;
    readonly shared: boolean;
    readonly version: number;
    readonly inheritedFrom?: string;
  };
}

export interface MappingPreview {
  readonly reportedFrom: string;
  readonly reportedTo: string;
  readonly hiddenRegistrations: number;
  readonly registrations: readonly {
    readonly id: string;
    readonly presentSubscriptionId: string;
    readonly futureSubscriptionId: string;
    readonly changes: boolean;
    readonly usage: readonly {
      readonly subscriptionId: string;
      readonly meterId: string;
      readonly meterName: string;
      readonly unit: string;
      readonly rows: number;
      readonly quantity: number | string;
    }[];
  }[];
}

export interface PriceList {
  readonly priceListId: string;
  readonly name: string;
  readonly currency: string;
  readonly versions: number;
  readonly sample: boolean;
  readonly createdAt: string;
}

export interface PriceListVersions {
  readonly priceListId: string;
  readonly name: string;
  readonly currency: string;
  readonly inForce?: number;
  readonly versions: readonly {
    readonly version: number;
    readonly effectiveFrom: string;
    readonly sample: boolean;
    readonly note?: string;
    readonly publishedAt: string;
  }[];
}

interface Step {
  readonly from?: string;
  readonly upTo?: string;
  readonly unitPrice?: string;
  readonly fixed?: string;
  readonly amount?: string;
}

export interface Price {
  readonly kind: string;
  readonly unitPrice?: string;
  readonly tiers?: readonly Step[];
  readonly size?: string;
  readonly packagePrice?: string;
  readonly steps?: readonly Step[];
  readonly percent?: string;
}

export interface PriceItem {
  readonly meterId: string;
  readonly name?: string;
  readonly scope?: 'account' | 'subscription';
  readonly price: Price;
  readonly included?: string;
  readonly minimum?: string;
  readonly maximum?: string;
}

export interface PriceListVersion {
  readonly version: number;
  readonly effectiveFrom: string;
  readonly note?: string;
  readonly content: {
    readonly name: string;
    readonly currency: string;
    readonly items: readonly PriceItem[];
  };
}

export interface WhatIfLine {
  readonly accountId: string;
  readonly currency: string;
  readonly meterId: string;
  readonly quantity: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  readonly unpriced?: string;
}

export interface ExchangeRate {
  readonly from: string;
  readonly to: string;
  readonly day: string;
  readonly rate: string;
  readonly source: string;
  readonly version: number;
  readonly createdAt: string;
}

export interface TaxRate {
  readonly taxRate: number;
  readonly sellerCountry: string;
  readonly buyerCountry: string;
  readonly businessOnly: boolean;
  readonly category: string;
  readonly percent: string;
  readonly reason?: string;
  readonly from: string;
}

export interface AccountDetail {
  readonly accountId: string;
  readonly kind: 'provider' | 'partner' | 'enterprise' | 'customer';
  readonly parentId?: string;
  readonly subscriptionId?: string;
  readonly name: string;
  readonly street?: string;
  readonly city?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly taxId?: string;
  readonly email?: string;
  readonly iban?: string;
  readonly currency: string;
  readonly language?: string;
  readonly billingDay?: number;
  readonly timeZone: string;
  readonly lateUsage?: string;
  readonly waitHours?: number;
  readonly reviewDays?: number;
  readonly paymentDays?: number;
}

export interface BillingProblem {
  readonly accountId: string;
  readonly period?: string;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly since: string;
  readonly nextAttemptAt?: string;
}

export interface BillingProblems {
  readonly value: readonly BillingProblem[];
  readonly documents: readonly {
    readonly number: string;
    readonly accountId: string;
    readonly attempts: number;
    readonly problem?: string;
    readonly nextAttemptAt?: string;
  }[];
}

export interface AccountPeriod {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly state: 'Open' | 'InReview' | 'Issued';
  readonly reviewStartedAt?: string;
  readonly held?: string;
}

export interface AccountTerm {
  readonly termId: string;
  readonly name: string;
  readonly definition: { readonly kind: string };
  readonly effectiveFrom: string;
  readonly effectiveTo?: string;
}

export interface AccountPricing {
  readonly version: number;
  readonly priceListId?: string;
  readonly markupPercent?: string;
  readonly effectiveFrom: string;
}

export interface RatingDifference {
  readonly accountId: string;
  readonly period: string;
  readonly charge: string | null;
  readonly what: string;
  readonly day?: string;
  readonly resourceKey?: string;
  readonly kept: string | null;
  readonly found: string | null;
}

export interface RatingVerification {
  readonly checked: number;
  readonly differences: readonly RatingDifference[];
}

export interface LedgerBalance {
  readonly book: string;
  readonly party: string;
  readonly account: string;
  readonly currency: string;
  readonly balance: string;
}

export interface LedgerEntry {
  readonly entry: string;
  readonly book: string;
  readonly kind: string;
  readonly reference: string;
  readonly occurredAt: string;
  readonly postings: readonly {
    readonly account: string;
    readonly party: string;
    readonly currency: string;
    readonly amount: string;
  }[];
}

export interface Payment {
  readonly paymentId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amount: string;
  readonly receivedOn: string;
  readonly reference: string;
  readonly createdAt?: string;
  readonly allocations?: readonly { readonly number?: string; readonly amount?: string }[];
}

export const webhookEventTypes = [
  'period.in-review',
  'invoice.issued',
  'invoice.document-ready',
  'credit-note.issued',
  'debit-note.issued',
  'invoice.overdue',
  'payment.received',
  'account.parked',
  'account.resumed',
] as const;

export interface WebhookEndpoint {
  readonly endpointId: string;
  readonly accountId: string;
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly state: 'Enabled' | 'Disabled';
  readonly description?: string;
  readonly previousUntil?: string;
  readonly createdAt?: string;
  /** Only in the answer to making it, or to giving it another key. */
  readonly secret?: string;
}

export interface WebhookMessage {
  readonly messageId: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly state: 'Pending' | 'Delivered' | 'Dead';
  readonly attempts: number;
  readonly nextAttemptAt?: string;
  readonly lastStatus?: number;
  readonly lastProblem?: string;
  readonly deliveredAt?: string;
  readonly payload: string;
}

export interface MailMessage {
  readonly messageId: string;
  readonly accountId: string;
  readonly recipient: string;
  readonly subject: string;
  readonly occurredAt: string;
  readonly state: 'Pending' | 'Sent' | 'Dead' | 'Undeliverable';
  readonly attempts: number;
  readonly nextAttemptAt?: string;
  readonly lastProblem?: string;
  readonly sentAt?: string;
}
