import { randomUUID } from 'node:crypto';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, type Queryable } from '../../platform/index.ts';
import type { AccountId } from './account.ts';
import { accountNotFound } from './authorize.ts';
import { tellAccount } from './change.ts';
import { holdBilling } from '../pricing/index.ts';

/** A picture at the head of each page of an invoice need not be larger. */
const MOST_BYTES = 200_000;

const MAGIC = [
  { type: 'image/png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') },
  { type: 'image/jpeg', bytes: Buffer.from('ffd8ff', 'hex') },
] as const;

/** What a picture is, by its first bytes; undefined for anything but PNG and JPEG. */
export function pictureType(content: Uint8Array): 'image/png' | 'image/jpeg' | undefined {
  const isOne = ({ bytes }: (typeof MAGIC)[number]): boolean =>
    bytes.equals(content.subarray(0, bytes.length));
  return MAGIC.find(isOne)?.type;
}

/**
 * Gives an account the picture for the invoices that it issues from now on.
 *
 * @param content PNG or JPEG of at most 200,000 bytes; undefined takes the picture away
 * @throws BillingAccountNotFound, InvalidProperty
 */
export async function setLogo(
  tx: Queryable,
  accountId: AccountId,
  content: Uint8Array | undefined,
  changing: Changing,
): Promise<void> {
  if (content !== undefined) checkPicture(content);
  await holdBilling(tx);
  const { rowCount } = await tx.query(
    'update billing_account set logo = $2, etag = $3, updated_at = $4 where account_id = $1',
    [accountId, content ?? null, randomUUID(), changing.clock.now().toString()],
  );
  if (rowCount !== 1) throw accountNotFound(accountId);
  await tellAccount(tx, changing, accountId, { logoBytes: content?.length ?? 0 });
}

function checkPicture(content: Uint8Array): void {
  if (content.length > MOST_BYTES) {
    const rule = 'it has at most 200,000 bytes';
    throw invalidProperty('logo', `${content.length} bytes`, rule);
  }
  if (pictureType(content) === undefined) {
    throw invalidProperty('logo', `${content.length} bytes`, 'it is a picture in PNG or JPEG');
  }
}
