import { fail, isGuid, type Instant } from '../../kernel/index.ts';
import { makeContinuationToken, readContinuationToken } from '../../platform/index.ts';

/** What a download token is signed over, so that no other token can stand in for one. */
const PURPOSE = 'invoice-download';
/** How long an address works: long enough to follow it, short enough not to be passed on. */
const MINUTES = 30;

/** A right to one document for a while, for whoever has it. */
export interface Download {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** Makes a token for the document of an invoice. */
export function makeDownload(key: Buffer, invoiceId: string, now: Instant): Download {
  const expiresAt = now.add({ minutes: MINUTES }).round('second');
  const token = makeContinuationToken(key, PURPOSE, [invoiceId, expiresAt.toString()]);
  return { token, expiresAt };
}

/**
 * The invoice that a token is for.
 *
 * @throws NotFound for one that has expired, was altered or was made for something else
 */
export function readDownload(key: Buffer, token: string, now: Instant): string {
  try {
    return readContinuationToken(key, PURPOSE, token, (fields) => openDownload(fields, now));
  } catch (cause) {
    throw fail('NotFound', { path: 'this address: it works for half an hour only' }, { cause });
  }
}

function openDownload([invoiceId, until]: readonly unknown[], now: Instant): string | undefined {
  if (typeof invoiceId !== 'string' || typeof until !== 'string' || !isGuid(invoiceId)) {
    return undefined;
  }
  return Temporal.Instant.compare(now, Temporal.Instant.from(until)) < 0 ? invoiceId : undefined;
}
