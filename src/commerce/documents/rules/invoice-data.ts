/**
 * An electronic invoice as the European standard sees it, read from either syntax. Numbers such as BT-1
 * are those of the standard's business terms. All is text as it was written, and undefined where it
 * is missing or empty; days are `2026-11-03` where they are days.
 */
export interface InvoiceData {
  /** BT-24 */
  readonly specification: string | undefined;
  /** BT-1 */
  readonly number: string | undefined;
  /** BT-2 */
  readonly issueDate: string | undefined;
  /** BT-3 */
  readonly typeCode: string | undefined;
  /** BT-5 */
  readonly currency: string | undefined;
  /** The currency that each amount names, where it names one. */
  readonly amountCurrencies: ReadonlySet<string>;
  /** BT-7 */
  readonly taxPointDate: string | undefined;
  /** BT-8 */
  readonly taxPointCode: string | undefined;
  /** BT-9 */
  readonly dueDate: string | undefined;
  /** BT-20 */
  readonly paymentTerms: string | undefined;
  readonly seller: PartyData;
  readonly buyer: PartyData;
  readonly period: PeriodData | undefined;
  readonly payments: readonly PaymentData[];
  /** The number of each preceding invoice: BT-25 */
  readonly precedingInvoices: readonly (string | undefined)[];
  readonly totals: TotalsData;
  readonly taxes: readonly TaxData[];
  readonly lines: readonly LineData[];
}

export interface PartyData {
  readonly name: string | undefined;
  readonly hasAddress: boolean;
  readonly country: string | undefined;
  readonly id: string | undefined;
  readonly registrationId: string | undefined;
  readonly vatId: string | undefined;
  /** BT-32: a number for taxes that is none for value added tax. */
  readonly taxNumber: string | undefined;
  readonly endpoint: string | undefined;
  readonly endpointScheme: string | undefined;
}

export interface PeriodData {
  readonly start: string | undefined;
  readonly end: string | undefined;
}

export interface PaymentData {
  /** BT-81 */
  readonly code: string | undefined;
  /** BT-84 */
  readonly account: string | undefined;
}

export interface TotalsData {
  /** BT-106 */
  readonly lines: string | undefined;
  /** BT-107 */
  readonly allowances: string | undefined;
  /** BT-108 */
  readonly charges: string | undefined;
  /** BT-109 */
  readonly net: string | undefined;
  /** BT-110 */
  readonly tax: string | undefined;
  /** BT-112 */
  readonly gross: string | undefined;
  /** BT-113 */
  readonly prepaid: string | undefined;
  /** BT-114 */
  readonly rounding: string | undefined;
  /** BT-115 */
  readonly due: string | undefined;
}

export interface TaxData {
  /** BT-116 */
  readonly base: string | undefined;
  /** BT-117 */
  readonly amount: string | undefined;
  /** BT-118 */
  readonly category: string | undefined;
  /** BT-119 */
  readonly rate: string | undefined;
  /** BT-120 */
  readonly reason: string | undefined;
  /** BT-121 */
  readonly reasonCode: string | undefined;
}

export interface LineData {
  /** BT-126 */
  readonly id: string | undefined;
  /** BT-129 */
  readonly quantity: string | undefined;
  /** BT-130 */
  readonly unitCode: string | undefined;
  /** BT-131 */
  readonly net: string | undefined;
  /** BT-153 */
  readonly name: string | undefined;
  /** BT-146 */
  readonly price: string | undefined;
  /** BT-148 */
  readonly grossPrice: string | undefined;
  /** BT-149 */
  readonly baseQuantity: string | undefined;
  /** BT-151 */
  readonly category: string | undefined;
  /** BT-152 */
  readonly rate: string | undefined;
  readonly period: PeriodData | undefined;
}
