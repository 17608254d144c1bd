import { fail } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { verifyRating, type RatingVerdict, type VerificationRequest } from './verify.ts';

/** Next to that of rating. */
const LOCK = 7323;

/**
 * As {@link verifyRating}, one at a time in all processes: it reads as much as rating did, and a few at once would leave
 * nothing for anybody else.
 *
 * @throws Conflict while another one goes on
 */
export async function verifyAlone(
  { database }: { readonly database: Database },
  request: VerificationRequest,
): Promise<RatingVerdict> {
  const client = await database.pool.connect();
  let isKept = false;
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock($1) as held',
      [LOCK],
    );
    if (rows[0]?.held !== true) {
      isKept = true;
      throw fail('Conflict', { reason: 'another verification goes on, and one is done at a time' });
    }
    try {
      return await verifyRating({ database }, request);
    } finally {
      isKept = await client.query('select pg_advisory_unlock($1)', [LOCK]).then(
        () => true,
        () => false,
      );
    }
  } finally {
    // A connection that may hold the lock still is ended, and the lock with it.
    client.release(!isKept);
  }
}
