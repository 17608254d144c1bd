import { allocate, fail, sumOf, type Decimal } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import {
  explainCharge,
  explainRows,
  resourceDaysOf,
  resourceKeysOf,
  type Charge,
  type ExplainedResource,
} from '../../rating/index.ts';
import type { Invoice } from '../invoice.ts';
import type { InvoiceLine } from '../line.ts';
import { findInvoice, findInvoiceById, linesOfInvoice } from '../store.ts';
import {
  keysOfResource,
  linesOfCharge,
  periodOf,
  textsOf,
  type NamedPeriod,
} from './explain-store.ts';
import { explainTerm } from './explain-term.ts';
import type {
  DayExplanation,
  Figures,
  LineExplanation,
  LineOfCharge,
  RecordsOf,
  UsageExplanation,
} from './explanation.ts';
import { explainPrice, type MayRead } from './plan-seen.ts';

/** Which line is explained, and how far down. */
export interface ExplainedLine {
  /** Of the invoice, as printed. */
  readonly number: string;
  /** From 1. */
  readonly line: number;
  /** Only resources after this one. */
  readonly resourcesAfter?: string | undefined;
  /** One resource alone: its key, its URI or its name. */
  readonly resource?: string | undefined;
  /** Days since 1970 of which to show the rows; the first that the resource has unless given. */
  readonly usageDay?: number | undefined;
  /** Resources on a page; 100 unless given. */
  readonly limit?: number | undefined;
}

/** What an explanation may draw on. */
export interface ExplainTools {
  /** Asks the stamp for records, of the rows of a day that was asked for. */
  readonly recordsOf?: RecordsOf | undefined;
  /** Of whom prices may be shown that they pay and charge; of everybody unless given. */
  readonly mayRead?: MayRead | undefined;
}

const SHARE_SCALE = 20;
const PAGE = 100;
const LAST_KEY = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Explains a line of an invoice, from its amount down to rows and records. Reads along indexes alone, whatever else there
 * is.
 *
 * @throws InvoiceNotFound, InvoiceLineNotFound
 */
export async function explainInvoiceLine(
  db: Queryable,
  asked: ExplainedLine,
  tools: ExplainTools = {},
): Promise<LineExplanation> {
  const invoice = await findInvoice(db, asked.number);
  if (invoice === undefined) throw fail('InvoiceNotFound', { number: asked.number });
  const [line] = await linesOfInvoice(db, invoice.invoiceId, { after: asked.line - 1, limit: 1 });
  if (line?.line !== asked.line) {
    throw fail('InvoiceLineNotFound', { number: invoice.number, line: asked.line });
  }
  const cancelled = await cancelledBy(db, invoice, line);
  return {
    invoice,
    line,
    rounding: line.amount.subtract(line.exactAmount),
    cancelled,
    usage: await explainUsage(db, invoice, line, asked, tools),
    term: await explainTerm(db, invoice, line),
  };
}

async function cancelledBy(
  db: Queryable,
  { corrects }: Invoice,
  { cancels }: InvoiceLine,
): Promise<LineExplanation['cancelled']> {
  if (cancels === undefined || corrects === undefined) return undefined;
  const taken = await findInvoiceById(db, corrects);
  return taken && { number: taken.number, line: cancels };
}

async function explainUsage(
  db: Queryable,
  invoice: Invoice,
  line: InvoiceLine,
  asked: ExplainedLine,
  tools: ExplainTools,
): Promise<UsageExplanation | undefined> {
  if (line.charge === undefined) return undefined;
  // Its page of resources goes through all that the charge has; they are read here, a page alone.
  const found = await explainCharge(db, line.charge, { resourcesAfter: LAST_KEY, limit: 1 });
  if (found === undefined) throw new Error(`the charge ${line.charge} is missing`);
  const { charge } = found;
  const period = await periodOf(db, charge.period);
  const lines = await linesOfCharge(db, line.charge);
  const at = lines.findIndex((one) => one.number === invoice.number && one.line === line.line);
  const { keys, next } = await keysAsked(db, charge, period, asked);
  const resources = await resourcesOf(db, charge, period, keys);
  return {
    charge,
    period: period.name,
    before: figuresOf(lines.slice(0, at)),
    after: figuresOf(lines.slice(0, at + 1)),
    lines,
    price: await explainPrice(db, found, tools.mayRead),
    resources,
    next,
    day: await explainDay(db, charge, resources, asked, tools),
  };
}

function figuresOf(lines: readonly LineOfCharge[]): Figures {
  return {
    quantity: sumOf(lines.map(({ quantity }) => quantity)),
    amount: sumOf(lines.map(({ amount }) => amount)),
  };
}

/** The resource that was asked for, under each of the keys that it has; otherwise a page of those of the charge. */
async function keysAsked(
  db: Queryable,
  charge: Charge,
  period: NamedPeriod,
  { resource, resourcesAfter: after, limit = PAGE }: ExplainedLine,
): Promise<{ readonly keys: readonly string[]; readonly next: string | undefined }> {
  if (resource !== undefined) {
    return { keys: await keysOfResource(db, charge, resource), next: undefined };
  }
  const found = await resourceKeysOf(db, charge.charge, period, { after, limit: limit + 1 });
  const keys = found.slice(0, limit);
  return { keys, next: found.length > limit ? keys.at(-1) : undefined };
}

/** What resources have of a charge; those that have nothing of it are left out. */
async function resourcesOf(
  db: Queryable,
  charge: Charge,
  period: NamedPeriod,
  keys: readonly string[],
): Promise<ExplainedResource[]> {
  const texts = await textsOf(db, charge.customerSubscriptionId, keys);
  const days = await resourceDaysOf(db, charge.charge, period, keys);
  return [...Map.groupBy(days, (one) => one.resourceKey)].map(([resourceKey, its]) => {
    const quantity = sumOf(its.map((one) => one.quantity));
    return {
      resourceKey,
      resourceUri: texts.get(resourceKey)?.resourceUri ?? '',
      location: texts.get(resourceKey)?.location ?? '',
      quantity,
      rows: its.reduce((sum, { rows }) => sum + rows, 0),
      days: its.map((one) => ({ day: one.day, quantity: one.quantity })),
      amount: shareOf(charge, quantity),
    };
  });
}

/** A part of what the charge costs, by quantity. */
function shareOf({ amount, quantity: whole }: Charge, part: Decimal): Decimal | undefined {
  if (amount === undefined || whole.isZero() || part.equals(whole)) return amount;
  const scale = Math.max(part.scale, whole.scale);
  const weights = [part, whole.subtract(part)].map((one) => one.unscaledAt(scale));
  return allocate(amount, weights, Math.max(SHARE_SCALE, amount.scale)).at(0);
}

/** The rows of the day that was asked for, or of the first that there is. */
async function explainDay(
  db: Queryable,
  charge: Charge,
  resources: readonly ExplainedResource[],
  { resource, usageDay }: ExplainedLine,
  { recordsOf }: ExplainTools,
): Promise<DayExplanation | undefined> {
  const isIn = ({ days }: ExplainedResource): boolean =>
    usageDay === undefined || days.some(({ day }) => day === usageDay);
  const one = resources.find(isIn);
  const day = usageDay ?? one?.days.at(0)?.day;
  if (one === undefined || day === undefined) return undefined;
  const { resourceKey, resourceUri } = one;
  const rows = await explainRows(db, { charge: charge.charge, resourceKey, usageDay: day });
  const isAsked = resource !== undefined && usageDay !== undefined;
  const texts =
    isAsked && recordsOf !== undefined
      ? (await textsOf(db, charge.customerSubscriptionId, [resourceKey])).get(resourceKey)
      : undefined;
  const explained: DayExplanation['rows'][number][] = [];
  for (const row of rows) {
    const { registrationId, reportedHour, usageHour, localMeterId: meterId } = row;
    const { subscriptionId } = charge;
    const name = { registrationId, subscriptionId, meterId, reportedHour, usageHour };
    const records = texts && (await recordsOf?.({ ...name, ...texts }));
    explained.push({ ...row, records });
  }
  return { resourceKey, resourceUri, usageDay: day, isAsked, rows: explained };
}
