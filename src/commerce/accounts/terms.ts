import { randomUUID } from 'node:crypto';
import {
  fail,
  hourNumber,
  hourStart,
  isGuid,
  isJsonObject,
  type HourNumber,
  type Instant,
} from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, isKeepable, type Queryable } from '../../platform/index.ts';
import { parseTerm, termToWire, type AccountTerm, type Term } from '../pricing/index.ts';
import type { AccountId } from './account.ts';
import { nextHour } from './hours.ts';

/** What is agreed with an account besides prices; in force in periods that have hours of it. */
export interface StoredTerm extends AccountTerm {
  readonly accountId: AccountId;
  readonly createdAt: Instant;
}

/** A term before it has an id. */
export interface NewTerm {
  readonly name: string;
  readonly definition: Term;
  readonly effectiveFrom: HourNumber;
  /** Exclusive; undefined: until it is ended. */
  readonly effectiveTo?: HourNumber | undefined;
}

interface TermRow {
  readonly term_id: string;
  readonly account_id: AccountId;
  readonly name: string;
  readonly definition: string;
  readonly effective_from: number;
  readonly effective_to: number | null;
  readonly created_at: Instant;
}

function fromRow(row: TermRow): StoredTerm {
  const definition: unknown = JSON.parse(row.definition);
  return {
    termId: row.term_id,
    accountId: row.account_id,
    name: row.name,
    definition: parseTerm(isJsonObject(definition) ? definition : {}),
    effectiveFrom: hourNumber(row.effective_from),
    effectiveTo: row.effective_to === null ? undefined : hourNumber(row.effective_to),
    createdAt: row.created_at,
  };
}

/** The terms of an account, also those that have ended, in the order in which they were agreed. */
export async function listTerms(db: Queryable, accountId: AccountId): Promise<StoredTerm[]> {
  const { rows } = await db.query<TermRow>(
    'select * from account_term where account_id = $1 order by created_at, effective_from, term_id',
    [accountId],
  );
  return rows.map(fromRow);
}

const LONGEST_NAME = 200;

/**
 * Agrees on a term with an account that is known. Periods that have been invoiced stay as they are.
 *
 * @throws InvalidProperty for a name that cannot be printed, and an end before the beginning
 */
export async function addTerm(
  tx: Queryable,
  accountId: AccountId,
  { name, definition, effectiveFrom, effectiveTo }: NewTerm,
  { clock, actor }: Changing,
): Promise<StoredTerm> {
  if (name.trim() === '' || name.length > LONGEST_NAME || !isKeepable(name)) {
    throw invalidProperty('name', name, `it has 1 to ${LONGEST_NAME} printable characters`);
  }
  if (effectiveTo !== undefined && effectiveTo < effectiveFrom) {
    const rule = 'it is not before effectiveFrom';
    throw invalidProperty('effectiveTo', hourStart(effectiveTo).toString(), rule);
  }
  const { rows } = await tx.query<TermRow>(
    `insert into account_term (term_id, account_id, name, definition, effective_from, effective_to, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning *`,
    [
      randomUUID(),
      accountId,
      name,
      JSON.stringify(termToWire(definition)),
      effectiveFrom,
      effectiveTo ?? null,
      clock.now().toString(),
    ],
  );
  const added = fromRow(rows[0]!);
  await tellTerm(tx, added, { clock, actor });
  return added;
}

/**
 * Ends a term: from the hour on it is in force no more. One that has not begun by then never is. One that has an end
 * gets an earlier one; what was agreed is never made longer, which takes a further term.
 *
 * @param effectiveTo the next whole hour unless given
 * @throws TermNotFound for one that the account does not have, and one that has ended, InvalidProperty for an end
 *   after the one that it has
 */
export async function endTerm(
  tx: Queryable,
  accountId: AccountId,
  termId: string,
  effectiveTo: HourNumber | undefined,
  { clock, actor }: Changing,
): Promise<StoredTerm> {
  const next = nextHour(clock);
  const present = await holdTerm(tx, accountId, termId);
  const until = present?.effectiveTo;
  if (present === undefined || (until !== undefined && until <= next)) {
    throw fail('TermNotFound', { term: termId });
  }
  const end = effectiveTo ?? next;
  if (until !== undefined && end > until) {
    const rule = `it is not after ${hourStart(until).toString()}, when the term ends`;
    throw invalidProperty('effectiveTo', hourStart(end).toString(), rule);
  }
  const { rows } = await tx.query<TermRow>(
    `update account_term set effective_to = greatest(effective_from, $2::int)
     where term_id = $1 returning *`,
    [termId, end],
  );
  const ended = fromRow(rows[0]!);
  await tellTerm(tx, ended, { clock, actor });
  return ended;
}

/** A term of an account, its row held until the transaction ends. */
async function holdTerm(
  tx: Queryable,
  accountId: AccountId,
  termId: string,
): Promise<StoredTerm | undefined> {
  if (!isGuid(termId)) return undefined;
  const { rows } = await tx.query<TermRow>(
    'select * from account_term where account_id = $1 and term_id = $2 for update',
    [accountId, termId],
  );
  return rows[0] && fromRow(rows[0]);
}

async function tellTerm(
  tx: Queryable,
  term: StoredTerm,
  { clock, actor }: Changing,
): Promise<void> {
  const { termId: _, createdAt: __, ...detail } = toWireTerm(term);
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Billing/accounts/write',
    target: `/billingAccounts/${term.accountId}/terms/${term.termId}`,
    detail,
  });
}

/** A term as answers and commands have it. */
export function toWireTerm(one: StoredTerm): Readonly<Record<string, unknown>> {
  return {
    termId: one.termId,
    name: one.name,
    definition: termToWire(one.definition),
    effectiveFrom: hourStart(one.effectiveFrom).toString(),
    ...(one.effectiveTo !== undefined && { effectiveTo: hourStart(one.effectiveTo).toString() }),
    createdAt: one.createdAt.toString(),
  };
}
