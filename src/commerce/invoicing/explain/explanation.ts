import type { Decimal, Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import type { AccountTerm, PriceItem } from '../../pricing/index.ts';
import type {
  ChargeExplanation,
  ExplainedGroup,
  ExplainedResource,
  ExplainedRow,
} from '../../rating/index.ts';
import type { Invoice, InvoiceKind } from '../invoice.ts';
import type { InvoiceLine, LineKind } from '../line.ts';

/** Where a line of an invoice comes from, from its amount down to the records that a stamp counted. */
export interface LineExplanation {
  readonly invoice: Invoice;
  readonly line: InvoiceLine;
  /** What rounding added to the exact amount. */
  readonly rounding: Decimal;
  /** Of a cancellation: the line that it takes back. */
  readonly cancelled: { readonly number: string; readonly line: number } | undefined;
  /** Of usage; undefined of terms. */
  readonly usage: UsageExplanation | undefined;
  /** Of fees, discounts, credits and commitments. */
  readonly term: TermExplanation | undefined;
}

/** A quantity and what it costs, exactly. */
export interface Figures {
  readonly quantity: Decimal;
  readonly amount: Decimal;
}

/** How a line came to what it has of a charge. */
export interface UsageExplanation {
  readonly charge: ChargeExplanation['charge'];
  /** In which it was used. */
  readonly period: string;
  /** What invoices had of the charge before this one, and with it. */
  readonly before: Figures;
  readonly after: Figures;
  /** All lines that have some of the charge, oldest first. */
  readonly lines: readonly LineOfCharge[];
  readonly price: PriceExplanation;
  /** Some of the resources, or the one that was asked for. */
  readonly resources: readonly ExplainedResource[];
  /** The last of them when there are more. */
  readonly next: string | undefined;
  /** What one resource used on one day, row by row; undefined when the charge has no usage left. */
  readonly day: DayExplanation | undefined;
}

/** A line of an invoice that has some of a charge; negative where it gives back. */
export interface LineOfCharge extends Figures {
  readonly number: string;
  readonly invoiceKind: InvoiceKind;
  readonly issuedAt: Instant;
  readonly line: number;
  readonly kind: LineKind;
}

/** By which prices a charge was rated. */
export interface PriceExplanation {
  /** Undefined where who asks may not see them: they are those of the seller, before its markup. */
  readonly plan: PlanExplanation | undefined;
  /** As the price list has it, before markups and exchange. */
  readonly item: PriceItem | undefined;
  /** The usage that the price counts together, and how its amount came about: by what the buyer pays. */
  readonly group: ExplainedGroup | undefined;
}

export interface PlanExplanation {
  readonly priceListId: string | undefined;
  readonly version: number | undefined;
  /** Why there is no price. */
  readonly problem: string | undefined;
  /** Hour since 1970 from which on it is in force. */
  readonly effectiveFrom: number;
  readonly factor: Decimal;
  readonly exchangeRate: Decimal;
  /** From the price list to the buyer. */
  readonly chain: readonly { readonly accountId: AccountId; readonly markupPercent: string }[];
}

/** One resource on one day of use. */
export interface DayExplanation {
  readonly resourceKey: string;
  readonly resourceUri: string;
  /** Days since 1970. */
  readonly usageDay: number;
  /** Whether it was asked for; otherwise it is the first, as an example. */
  readonly isAsked: boolean;
  readonly rows: readonly RowExplanation[];
}

/** A row as a stamp reported it, and the records that it was made of. */
export interface RowExplanation extends ExplainedRow {
  /** Undefined where nobody was asked. */
  readonly records: RowRecords | undefined;
}

/** A row, by what a stamp knows of it too. */
export interface NamedRow {
  readonly registrationId: string;
  /** Of the stamp. */
  readonly subscriptionId: SubscriptionId;
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
  /** Of the stamp. */
  readonly meterId: string;
  /** Hours since 1970. */
  readonly reportedHour: number;
  readonly usageHour: number;
}

/** A record of usage, or the part of it that lies in one hour. */
export interface UsageRecordPart {
  /** A hash of who emitted it and under which id. */
  readonly recordKey: string;
  readonly usageStart: Instant;
  readonly usageEnd: Instant;
  readonly quantity: Decimal;
}

/**
 * What a stamp has of a row: its records, none any more since they are past their retention, or nothing, since another
 * stamp counted it.
 */
export type RowRecords =
  | {
      readonly state: 'found';
      readonly records: readonly UsageRecordPart[];
      readonly more: boolean;
    }
  | { readonly state: 'expired' }
  | { readonly state: 'elsewhere' };

/** Asks the stamp, where it is at hand. */
export type RecordsOf = (row: NamedRow) => Promise<RowRecords>;

/** What a term of an account did to an invoice. */
export interface TermExplanation {
  readonly term: AccountTerm;
  /** Hours of the period in which it is in force, and hours of the period. */
  readonly hours: { readonly inForce: number; readonly of: number };
  /** On what it was computed: of a percentage the usage, of a commitment the usage that counts towards it. */
  readonly base: Decimal | undefined;
  /** What earlier invoices have of it. */
  readonly used: Decimal;
  /** What it comes to anew, from the lines of the invoice; undefined where it corrects an earlier period. */
  readonly computed: Decimal | undefined;
}
