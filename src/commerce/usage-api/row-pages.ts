import type { SubscriptionId } from '../../kernel/index.ts';
import {
  makeContinuationToken,
  readContinuationToken,
  type ReportedRange,
} from '../../platform/index.ts';
import { readAsAccount } from './account-reader.ts';
import type { CommerceUsageApi } from './api.ts';
import { readBooking, requireReported, type Booking } from './booking.ts';
import {
  detailPositionOf,
  fieldsOfDetail,
  fieldsOfSum,
  sumPositionOf,
  type DetailRow,
  type SumRow,
} from './rows.ts';
import { readDetailPage, readSumPage } from './store.ts';

/** A question for rows by reported time. */
export interface RowsQuestion {
  readonly account: SubscriptionId;
  readonly range: ReportedRange;
  /** rows of single resources, or sums over them */
  readonly showDetails: boolean;
  readonly token: string | undefined;
  /** the parameter to change when it takes too long, and its value */
  readonly asked: readonly [name: string, value: string];
  /** rows in a page */
  readonly size: number;
  /** everything that decides which rows the question gives, so that a token fits it alone */
  readonly canonical: string;
}

/** A page in the words of its rows, and the token of the next. */
export interface RowsPage {
  readonly rows: readonly string[];
  readonly nextToken: string | undefined;
}

/** How an interface writes rows. */
export interface RowWriter {
  /** @param registrationId of the registration that reported the row */
  readonly detail: (row: DetailRow, registrationId: string) => string;
  readonly sum: (row: SumRow) => string;
}

/**
 * One page of final rows.
 *
 * @throws ProcessingNotCompleted, InvalidProperty for a token that is not this question's
 */
export async function readRowsPage(
  api: CommerceUsageApi,
  key: Buffer,
  question: RowsQuestion,
  writer: RowWriter,
): Promise<RowsPage> {
  const { account, range, size, canonical, token, showDetails } = question;
  const bound = `${showDetails ? 'details' : 'sums'}|${canonical}`;
  const opened = <T>(parse: (fields: readonly unknown[]) => T | undefined): T | undefined =>
    token === undefined ? undefined : readContinuationToken(key, bound, token, parse);
  const detailAfter = showDetails ? opened(detailPositionOf) : undefined;
  const sumAfter = showDetails ? undefined : opened(sumPositionOf);
  return readAsAccount(
    api.database,
    { account, asked: question.asked },
    async (tx) => {
      const booking = await readBooking(tx, account, api.clock.now());
      requireReported(booking, range);
      return booking;
    },
    async (tx, booking) => {
      const request = { ...range, account, unaccepted: booking.unaccepted, limit: size + 1 };
      const next = (position: readonly (string | number)[]): string =>
        makeContinuationToken(key, bound, position);
      if (!showDetails) {
        const rows = await readSumPage(tx, { ...request, after: sumAfter });
        return cut(rows, size, writer.sum, (last) => next(fieldsOfSum(last)));
      }
      const rows = await readDetailPage(tx, { ...request, after: detailAfter });
      const write = (row: DetailRow): string =>
        writer.detail(row, registrationIdOf(booking, row.registration));
      return cut(rows, size, write, (last) => next(fieldsOfDetail(last)));
    },
  );
}

/** Id of a registration by its number; what the account has rows of is among those that book on it. */
export function registrationIdOf({ registrations }: Booking, number: number): string {
  const registration = registrations.get(number);
  if (registration !== undefined) return registration.registrationId;
  throw new Error(`registration ${number} has rows on an account on which it does not book`);
}

/** @param rows one more than a page when there is another page */
function cut<T>(
  rows: readonly T[],
  size: number,
  write: (row: T) => string,
  tokenAfter: (last: T) => string,
): RowsPage {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  const more = rows.length > size && last !== undefined;
  return { rows: page.map(write), nextToken: more ? tokenAfter(last) : undefined };
}
