import { windowName } from '../reporting/index.ts';
import {
  dayText,
  type Amount,
  type CauseSummary,
  type Comparison,
  type Line,
  type Meters,
  type ReconciliationRequest,
  type Summary,
} from '../stamp/reconciliation/index.ts';
import { toTable } from './output.ts';

/** Spans of one cause that are shown; windows of a cause most often follow each other. */
const MOST_SPANS = 5;
const MOST_EXAMPLES = 20;

/** What is compared, and with whom. */
export function headOf({ from, to }: ReconciliationRequest): string {
  return `Reported hours from ${windowName(from)} to ${windowName(to)} (exclusive).\n\n`;
}

/** Lines as a table: quantities where lines are told apart by meter, rows otherwise. */
export function linesTable(
  lines: readonly Line[],
  { by }: Pick<ReconciliationRequest, 'by'>,
  meters: Meters,
): string {
  const byMeter = by.includes('meter');
  const shown = (amount: Amount | undefined): string => {
    if (amount === undefined) return '?';
    return byMeter ? amount.quantity.toText() : String(amount.rows);
  };
  const names: string[][] = lines.map((line) => [
    ...(by.includes('day') ? [line.day === undefined ? '' : dayText(line.day)] : []),
    ...(byMeter ? meterNames(line, meters) : []),
    ...(by.includes('subscription') ? [line.subscriptionId ?? ''] : []),
  ]);
  const isBilled = lines.some(({ billing }) => billing !== undefined);
  const sides = [
    alignPoints(lines.map(({ stamp }) => shown(stamp))),
    alignPoints(lines.map(({ received }) => shown(received))),
    ...(isBilled ? [alignPoints(lines.map(({ billing }) => shown(billing?.billed)))] : []),
    alignPoints(lines.map(({ difference }) => shown(difference))),
  ];
  const unit = byMeter ? '' : ' ROWS';
  const billed = isBilled ? ['BILLED'] : [];
  const headings = [
    ...(by.includes('day') ? ['DAY'] : []),
    ...(byMeter ? ['METER', 'UNIT'] : []),
    ...(by.includes('subscription') ? ['SUBSCRIPTION'] : []),
    ...['STAMP', 'RECEIVED', ...billed, 'DIFFERENCE'].map((side) => `${side}${unit}`),
    'CAUSES',
  ];
  const rows = lines.map((line, at) => [
    ...names[at]!,
    ...sides.map((side) => side[at]!),
    causesOf(line, byMeter),
  ]);
  return toTable(headings, rows);
}

function meterNames({ meterKey }: Line, meters: Meters): string[] {
  const meter = meterKey && meters.get(meterKey);
  return [meter === undefined ? (meterKey ?? '') : meter.name, meter?.unit ?? ''];
}

function causesOf({ causes, notes, received, billing }: Line, byMeter: boolean): string {
  const muchOf = ({ quantity, rows }: Amount): string =>
    byMeter && !quantity.isZero() ? quantity.toText() : rowsText(rows);
  const told = causes.map(({ cause, quantity, rows, places }) => {
    const much = muchOf({ quantity, rows });
    // What is missing here and too much there may come to nothing.
    return cause === 'unexplained'
      ? `${cause} ${much} at ${placesText(places)}`
      : `${cause} ${much}`;
  });
  if (billing !== undefined && billing.notYetRated.rows !== 0n) {
    told.push(`not yet rated ${muchOf(billing.notYetRated)}`);
  }
  if (billing !== undefined && billing.places > 0) {
    told.push(`not billed ${muchOf(billing.unexplained)} at ${placesText(billing.places)}`);
  }
  const receipted = notes.find(({ note }) => note === 'receipted');
  if (received === undefined && receipted !== undefined) {
    told.push(byMeter ? `receipts for ${receipted.quantity.toText()}` : 'receipts for the rest');
  }
  return told.join(', ');
}

/** Numbers of one column with their points below each other, all of the same length. */
export function alignPoints(numbers: readonly string[]): string[] {
  const parts = numbers.map((number) => {
    const [whole = '', fraction] = number.split('.');
    return { whole, fraction: fraction === undefined ? '' : `.${fraction}` };
  });
  const longest = (of: (part: (typeof parts)[number]) => string): number =>
    parts.reduce((most, part) => Math.max(most, of(part).length), 0);
  const [wholes, fractions] = [longest(({ whole }) => whole), longest(({ fraction }) => fraction)];
  return parts.map(
    ({ whole, fraction }) => `${whole.padStart(wholes)}${fraction.padEnd(fractions)}`,
  );
}

/** On whose subscriptions it was booked, by meter; empty when nothing was received. */
export function bookedTable({ booked }: Summary, meters: Meters): string {
  if (booked.length === 0) return '';
  const named = booked
    .map((one) => {
      const meter = meters.get(one.meterKey);
      return { ...one, name: meter?.name ?? one.meterKey, unit: meter?.unit ?? '' };
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  const columns = [
    named.map(({ name }) => name),
    named.map(({ unit }) => unit),
    alignPoints(named.map(({ onCustomers }) => onCustomers.toText())),
    alignPoints(named.map(({ onBase }) => onBase.toText())),
    alignPoints(named.map(({ unpaid }) => unpaid.toText())),
  ];
  const rows = named.map((_, at) => columns.map((column) => column[at]!));
  const headings = ['METER', 'UNIT', 'ON CUSTOMERS', 'ON BASE', 'OF THESE UNPAID'];
  return `\nWhere it went\n${toTable(headings, rows)}`;
}

/** Every cause with its rows and the windows that it is about. */
export function causesTable({ causes, refusal }: Summary): string {
  if (causes.length === 0) return '';
  const rows = causes.map((cause) => [
    cause.cause,
    String(cause.rows),
    cause.cause === 'unexplained' ? '' : String(cause.windows),
    spansOf(cause),
  ]);
  const refused = refusal === undefined ? '' : refusalSentence(refusal);
  return `\nCauses\n${toTable(['CAUSE', 'ROWS', 'WINDOWS', 'FROM .. TO'], rows)}${refused}`;
}

function refusalSentence({ cause, code, message }: NonNullable<Summary['refusal']>): string {
  const who = cause === 'refused' ? 'Commerce refuses' : 'The stamp cannot report';
  return `${who}: ${code}: ${message}\n`;
}

function spansOf({ spans }: CauseSummary): string {
  const shown = spans
    .slice(0, MOST_SPANS)
    .map(({ from, to }) => `${windowName(from)} .. ${windowName(to)}`);
  const more = spans.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** The places at which something is left over, a few of them. */
export function unexplainedTable({ unexplained }: Summary, meters: Meters): string {
  const { places, first } = unexplained;
  if (places === 0) return '';
  const rows = first.slice(0, MOST_EXAMPLES).map((one) => exampleRow(one, meters));
  const more = places - rows.length;
  const rest = more > 0 ? `and ${more} more\n` : '';
  const headings = ['DAY', 'METER', 'SUBSCRIPTION', 'STAMP', 'RECEIVED', 'UNEXPLAINED', 'ROWS'];
  return `\nUnexplained\n${toTable(headings, rows)}${rest}`;
}

/** The places at which what is billed is not what was received, a few of them. */
export function notBilledTable({ billing }: Summary, meters: Meters): string {
  const { places, first } = billing?.unexplained ?? { places: 0, first: [] };
  if (places === 0) return '';
  const rows = first
    .slice(0, MOST_EXAMPLES)
    .map((one) => [
      dayText(one.day),
      meters.get(one.meterKey)?.name ?? one.meterKey,
      one.subscriptionId,
      one.received.quantity.toText(),
      one.billing?.billed.quantity.toText() ?? '',
      one.billing?.unexplained.quantity.toText() ?? '',
      String(one.billing?.unexplained.rows ?? 0n),
    ]);
  const more = places - rows.length;
  const rest = more > 0 ? `and ${more} more\n` : '';
  const headings = ['DAY', 'METER', 'SUBSCRIPTION', 'RECEIVED', 'BILLED', 'NOT BILLED', 'ROWS'];
  return `\nNot billed as received\n${toTable(headings, rows)}${rest}`;
}

function exampleRow(one: Comparison, meters: Meters): string[] {
  const left = one.causes.get('unexplained');
  return [
    dayText(one.day),
    meters.get(one.meterKey)?.name ?? one.meterKey,
    one.subscriptionId,
    one.stamp.quantity.toText(),
    one.received.quantity.toText(),
    left?.quantity.toText() ?? '',
    String(left?.rows ?? 0n),
  ];
}

/** What it comes to, in one sentence. */
export function verdictSentence(summary: Summary): string {
  const { stampRows, receivedRows, causes, unexplained, commerce, verdict } = summary;
  if (verdict === 'unknown') {
    return `Commerce did not answer: the ${rowsText(stampRows)} of the stamp cannot be compared with what was received.`;
  }
  const places = placesText(unexplained.places);
  const notBilled = summary.billing?.unexplained.places ?? 0;
  if (verdict === 'unexplained' && unexplained.places === 0) {
    return `Not everything is explained: at ${placesText(notBilled)} (day, meter and subscription) what is billed is not what was received, and no cause is known.`;
  }
  if (verdict === 'unexplained') {
    return `Not everything is explained: at ${places} (day, meter and subscription) the stamp and commerce differ, and no cause is known.`;
  }
  const { billing } = summary;
  const waiting = billing?.notYetRatedRows ?? 0n;
  const told = [
    ...causes.filter(({ rows }) => rows !== 0n).map(({ cause, rows }) => `${cause} ${rows}`),
    ...(waiting === 0n ? [] : [`not yet rated ${waiting}`]),
  ].join(', ');
  const rest = told === '' ? '' : `; ${told}`;
  const billed = billing === undefined ? '' : ` and billed ${billing.billedRows}`;
  const why =
    commerce.state === 'not activated' ? ' The stamp is not activated: it reports nothing.' : '';
  return `Everything is explained: of ${rowsText(stampRows)} of the stamp commerce received ${receivedRows ?? 0n}${billed}${rest}.${why}`;
}

function placesText(places: number): string {
  return places === 1 ? '1 place' : `${places} places`;
}

function rowsText(rows: bigint): string {
  return rows === 1n ? '1 row' : `${rows} rows`;
}
