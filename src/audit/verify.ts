import type { Queryable } from '../platform/index.ts';
import { contentOfEvent, GENESIS, hashOfEvent } from './event.ts';
import { listAudit, readAuditHead, type AuditHead } from './store.ts';

/** What became of a check of the whole trail. */
export type AuditVerdict =
  | { readonly intact: true; readonly events: bigint; readonly head: AuditHead }
  | {
      readonly intact: false;
      /** Number of the first event at which the chain does not hold. */
      readonly at: bigint;
      readonly problem: string;
    };

const PAGE = 1000;

/**
 * Computes the chain anew from the first event to the last and compares it with what is stored.
 *
 * @param known a head that was noted elsewhere; the trail must still hold it, so that one that was
 * cut short or written anew is found as well
 */
export async function verifyAudit(db: Queryable, known?: AuditHead): Promise<AuditVerdict> {
  // Read first: events that are written meanwhile are not judged.
  const head = await readAuditHead(db);
  let number = 0n;
  let hash: Buffer = GENESIS;
  let seen = known === undefined || known.number === 0n;
  while (number < head.number) {
    const events = await listAudit(db, { after: number, limit: PAGE });
    for (const event of events) {
      // Written meanwhile; before that everything up to the head has to be there.
      if (event.number > head.number && number === head.number) break;
      const problem = problemOf(event, number + 1n, hash);
      if (problem !== undefined) return { intact: false, at: number + 1n, problem };
      number = event.number;
      hash = event.hash;
      if (known?.number === number) {
        if (!known.hash.equals(hash)) {
          return { intact: false, at: number, problem: 'its hash is not the one that was noted' };
        }
        seen = true;
      }
    }
    if (events.length === 0) {
      return { intact: false, at: number + 1n, problem: 'it is missing' };
    }
  }
  const [beyond] = await listAudit(db, { after: number, limit: 1 });
  if (beyond !== undefined && (await readAuditHead(db)).number === head.number) {
    return { intact: false, at: beyond.number, problem: 'it lies beyond the end of the chain' };
  }
  if (!hash.equals(head.hash)) {
    return { intact: false, at: number, problem: 'the end of the chain has another hash' };
  }
  if (!seen) {
    return {
      intact: false,
      at: number + 1n,
      problem: 'the trail ends before the head that was noted',
    };
  }
  return { intact: true, events: number, head };
}

function problemOf(
  event: Awaited<ReturnType<typeof listAudit>>[number],
  number: bigint,
  previousHash: Buffer,
): string | undefined {
  if (event.number !== number) return 'it is missing';
  if (!event.previousHash.equals(previousHash)) return 'it does not follow the event before it';
  const expected = hashOfEvent(previousHash, number, contentOfEvent(event));
  return expected.equals(event.hash) ? undefined : 'its content is not what was hashed';
}
