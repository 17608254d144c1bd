import {
  Decimal,
  isJsonObject,
  parseMeterId,
  parseSubscriptionId,
  parseWireTime,
  meterKey,
} from '../../kernel/index.ts';
import { parseWindowName } from '../../reporting/index.ts';
import type { ReceivedTotal } from './compare.ts';
import type { HourSpan, ReportingPeriod } from './hour-class.ts';

/** How far commerce is with this stamp. */
export interface CommerceProgress {
  readonly registrationId: string;
  /** such as `Registered` or `Expired` */
  readonly status: string;
  readonly billingModel: string;
  readonly periods: readonly ReportingPeriod[];
}

/** How far the stamp's own bridge is, as it noted last. */
export interface BridgeState {
  readonly firstWindow: number;
  readonly nextWindow: number;
  /** why the next window is not taken, where waiting does not help */
  readonly stuck: 'refused' | 'not fit to be sent' | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** What is known of the reporting of an activated stamp: by its own bridge, and by commerce, asked over it. */
export interface ReceivedTotals {
  readonly registrationId: string;
  /** the hour from which on the registration tells it not to report; undefined while it may */
  readonly offSince: number | undefined;
  /** undefined: it has not begun */
  bridge(): Promise<BridgeState | undefined>;
  /** @throws CommerceUnreachable and what else commerce may answer */
  progress(): Promise<CommerceProgress>;
  /** Sums of what was accepted in a span of reported hours, by reported day, subscription and local meter. */
  totals(span: HourSpan): Promise<readonly ReceivedTotal[]>;
  /** undefined: this commerce does not say what it bills */
  billing(): Promise<BilledTotals | undefined>;
}

/** What commerce bills of what it received of this stamp. */
export interface BilledTotals {
  /** the first window that is not rated yet */
  readonly ratedUpTo: number;
  /** Sums of what is billed of windows before that, told apart as those of what was accepted. */
  totals(span: HourSpan): Promise<readonly ReceivedTotal[]>;
}

const END_REASONS = ['ReportingOff', 'Removed'] as const;

/** Reads what commerce tells of its progress; undefined for anything that it would not say. */
export function readProgressAnswer(value: unknown): CommerceProgress | undefined {
  if (!isJsonObject(value)) return undefined;
  const { registrationId, status, billingModel, periods } = value;
  if (typeof registrationId !== 'string' || !Array.isArray(periods)) return undefined;
  if (typeof status !== 'string' || typeof billingModel !== 'string') return undefined;
  const read = periods.map(readPeriod).filter((period) => period !== undefined);
  if (read.length < periods.length) return undefined;
  return { registrationId, status, billingModel, periods: read };
}

function readPeriod(value: unknown): ReportingPeriod | undefined {
  if (!isJsonObject(value)) return undefined;
  const fromWindow = windowOf(value['fromWindow']);
  const nextWindow = windowOf(value['nextWindow']);
  const reason = value['endReason'] ?? undefined;
  const endReason = END_REASONS.find((known) => known === reason);
  if (fromWindow === undefined || nextWindow === undefined) return undefined;
  const ended = value['endedAt'] ?? undefined;
  const endedAt = typeof ended === 'string' ? parseWireTime(ended) : undefined;
  if (endReason !== reason || (ended !== undefined && endedAt === undefined)) return undefined;
  return { fromWindow, nextWindow, endReason, endedAt };
}

function windowOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseWindowName(value) : undefined;
}

/** Reads how far commerce has rated: the first window that it has not; undefined for anything that it would not say. */
export function readRatedAnswer(value: unknown): number | undefined {
  if (!isJsonObject(value)) return undefined;
  const { ratedUpTo } = value;
  return ratedUpTo === null ? 0 : windowOf(ratedUpTo);
}

/** Reads sums as commerce answers them; undefined for anything that it would not say. */
export function readTotalsAnswer(value: unknown): ReceivedTotal[] | undefined {
  if (!isJsonObject(value) || !Array.isArray(value['totals'])) return undefined;
  const rows: unknown[] = value['totals'];
  const read = rows.map(readTotal).filter((total) => total !== undefined);
  return read.length < rows.length ? undefined : read;
}

function readTotal(value: unknown): ReceivedTotal | undefined {
  if (!Array.isArray(value) || value.length !== 7) return undefined;
  const row: unknown[] = value;
  const day = typeof row[0] === 'string' ? parseWindowName(`${row[0]}T00Z`) : undefined;
  const subscriptionId = typeof row[1] === 'string' ? parseSubscriptionId(row[1]) : undefined;
  const meterId = typeof row[2] === 'string' ? parseMeterId(row[2]) : undefined;
  const rows = row[3];
  if (typeof rows !== 'number' || !Number.isSafeInteger(rows) || rows < 0) return undefined;
  const [quantity, onBase, unpaid] = row
    .slice(4)
    .map((text) => (typeof text === 'string' ? Decimal.parse(text) : undefined));
  if (day === undefined || subscriptionId === undefined || meterId === undefined) return undefined;
  if (quantity === undefined || onBase === undefined || unpaid === undefined) return undefined;
  return {
    day: day / 24,
    subscriptionId,
    meterKey: meterKey(meterId),
    rows: BigInt(rows),
    quantity,
    onBase,
    unpaid,
  };
}
