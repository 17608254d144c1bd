/** Where a line of an invoice comes from: GET /api/v1/invoices/{number}/lines/{line}/explanation. */

interface Figures {
  readonly quantity: string;
  readonly amount: string;
}

export interface Explanation {
  readonly invoice: {
    readonly number: string;
    readonly currency: string;
    readonly period: { readonly name: string; readonly start: string; readonly end: string };
  };
  readonly line: {
    readonly line: number;
    readonly kind: string;
    readonly description: string;
    readonly service?: string;
    readonly unit?: string;
    readonly subscriptionId?: string;
    readonly meterId?: string;
    readonly quantity: string;
    readonly unitPrice?: string;
    readonly exactAmount: string;
    readonly amount: string;
    readonly correctsPeriod?: string;
  };
  readonly rounding: string;
  readonly cancels?: { readonly number: string; readonly line: number };
  readonly charge?: ExplainedCharge;
  readonly price?: ExplainedPrice;
  readonly resources?: { readonly value: readonly ExplainedResource[]; readonly next?: string };
  readonly day?: ExplainedDay;
  readonly term?: ExplainedTerm;
}

export interface ExplainedCharge {
  readonly charge: string;
  readonly period: string;
  readonly billable: boolean;
  readonly quantity: string;
  readonly amount: string | null;
  readonly before: Figures;
  readonly after: Figures;
  readonly lines: readonly (Figures & {
    readonly number: string;
    readonly line: number;
    readonly kind: string;
    readonly issuedAt: string;
  })[];
}

export interface ExplainedPrice {
  readonly priceListId?: string;
  readonly version?: number;
  readonly problem?: string;
  readonly effectiveFrom?: string;
  readonly chain?: readonly { readonly accountId: string; readonly markupPercent: string }[];
  readonly factor?: string;
  readonly exchangeRate?: string;
  readonly item?: {
    readonly kind: string;
    readonly included: string;
    readonly minimum?: string;
    readonly maximum?: string;
  };
  readonly group?: {
    readonly charges: number;
    readonly before: string;
    readonly quantity: string;
    readonly total: string;
    readonly amount: string | null;
    readonly steps: readonly PriceStep[];
  };
}

/** What one part of the quantity costs: a tier, a package, or all of it. */
export interface PriceStep {
  readonly kind: string;
  readonly from?: string;
  readonly upTo?: string;
  readonly quantity?: string;
  readonly unitPrice?: string;
  readonly fixed?: string;
  readonly packages?: string;
  readonly amount?: string;
}

export interface ExplainedResource {
  readonly resourceKey: string;
  readonly resourceUri: string;
  readonly location: string;
  readonly quantity: string;
  readonly amount: string | null;
  readonly rows: number;
  readonly days: readonly { readonly day: string; readonly quantity: string }[];
}

export interface ExplainedDay {
  readonly resourceKey: string;
  readonly resourceUri: string;
  readonly day: string;
  /** Shown as an example: nobody asked for this one. */
  readonly isExample: boolean;
  readonly rows: readonly ExplainedRow[];
}

export interface ExplainedRow {
  readonly registrationId: string;
  readonly window: string;
  readonly windowHash: string;
  readonly acceptedAt: string;
  readonly batch: number;
  readonly usageStart: string;
  readonly quantity: string;
  readonly localMeterId: string;
  readonly meterVersion: number;
  readonly records?: {
    readonly state: 'found' | 'expired' | 'elsewhere';
    readonly value?: readonly {
      readonly recordKey: string;
      readonly usageStart: string;
      readonly usageEnd: string;
      readonly quantity: string;
    }[];
    readonly more?: boolean;
  };
}

export interface ExplainedTerm {
  readonly termId: string;
  readonly name: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly effectiveFrom: string;
  readonly effectiveTo?: string;
  readonly hours: { readonly inForce: number; readonly of: number };
  readonly used: string;
  readonly base?: string;
  readonly computed?: string;
}
