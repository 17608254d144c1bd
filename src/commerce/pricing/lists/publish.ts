import { fail, hourNumber, hourStart, type HourNumber } from '../../../kernel/index.ts';
import { appendAudit, SYSTEM } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { invalidProperty, isKeepable, type Clock, type Tx } from '../../../platform/index.ts';
import type { PriceListContent, PriceListVersion } from '../price.ts';
import { queuePriceChanges, reasonOf } from '../price-changes.ts';
import { structureProblems } from './check.ts';
import type { PriceListProblem } from './places.ts';
import { SAMPLE_ID, sampleNote, samplePrices } from './sample.ts';
import { holdBilling } from '../lock.ts';
import { insertVersion, readNewest } from './store.ts';

/** What a version is published from. */
export interface NewPriceListVersion {
  /** 1 to 63 letters, digits and . _ - in lower case; a new list when there is none with this id. */
  readonly priceListId: string;
  readonly content: PriceListContent;
  readonly effectiveFrom: HourNumber;
  readonly sample: boolean;
  readonly note: string;
  /** Whether usage that was rated already may become cheaper or dearer. */
  readonly correctPast: boolean;
  /** The first hour of usage that has not been rated yet; undefined when nothing was. */
  readonly ratedUpTo: HourNumber | undefined;
}

const ID = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const LONGEST_NOTE = 2000;
/** The database counts hours in 31 bits; that is the year 246,953. */
const LAST_HOUR = 2 ** 31 - 1;

/** The id of a price list in its one spelling; undefined for a text that can be none. */
export function parsePriceListId(text: string): string | undefined {
  const id = text.toLowerCase();
  return ID.test(id) ? id : undefined;
}

/**
 * Publishes the next version of a price list, the first one of a new list. It can never be changed; a mistake is
 * corrected by a further version. That what was rated follows it is queued in the same transaction.
 *
 * @throws PriceListInvalid, Conflict when the list has another currency, PriceInThePast, InvalidProperty
 */
export async function publishPriceList(
  tx: Tx,
  wanted: NewPriceListVersion,
  changing: Changing,
): Promise<PriceListVersion> {
  checkWanted(wanted);
  const { priceListId, content, effectiveFrom, sample, note } = wanted;
  await holdBilling(tx);
  const newest = await readNewest(tx, priceListId);
  if (newest !== undefined) checkNext(wanted, newest.currency);
  const published = {
    priceListId,
    version: (newest?.version ?? 0) + 1,
    effectiveFrom,
    sample,
    note,
    publishedAt: changing.clock.now().round({ smallestUnit: 'millisecond' }),
    content,
  };
  await insertVersion(tx, published);
  const reason = reasonOf(
    `version ${published.version} of the price list ${priceListId}`,
    effectiveFrom,
  );
  await queuePriceChanges(tx, [{ priceListId, from: effectiveFrom, reason }], changing.clock);
  await appendAudit(tx, changing.clock, {
    actor: changing.actor,
    action: 'Stackmeter.Billing/prices/write',
    target: `/priceLists/${priceListId}`,
    detail: {
      version: published.version,
      effectiveFrom: hourStart(effectiveFrom).toString(),
      currency: content.currency,
      items: content.items.length,
      sample,
      note,
      correctPast: wanted.correctPast,
    },
  });
  return published;
}

/** The error that tells what is wrong with a price list: the first problem, all of them as its details. */
export function priceListInvalid(problems: readonly PriceListProblem[]): Error {
  const texts = problems.map(({ place, problem }) => `${place}: ${problem}`);
  const more = texts.length > 1 ? ` (and ${texts.length - 1} more)` : '';
  return fail(
    'PriceListInvalid',
    { problem: `${texts[0] ?? 'it is empty'}${more}` },
    { details: texts.map((message) => ({ code: 'PriceListInvalid', message })) },
  );
}

function checkWanted({ priceListId, content, effectiveFrom, note }: NewPriceListVersion): void {
  if (!ID.test(priceListId)) {
    const rule = 'it has 1 to 63 letters of a to z, digits and . _ -, a letter or digit first';
    throw invalidProperty('priceListId', priceListId, rule);
  }
  if (effectiveFrom < 0 || effectiveFrom > LAST_HOUR) {
    throw invalidProperty('effectiveFrom', effectiveFrom, 'it is an hour after 1970');
  }
  if (note.length > LONGEST_NOTE || !isKeepable(note)) {
    throw invalidProperty('note', note, `it has at most ${LONGEST_NOTE} printable characters`);
  }
  const problems = structureProblems(content);
  if (problems.length > 0) throw priceListInvalid(problems);
}

/** A list that had no version yet priced nothing, so its first one may begin at any time. */
function checkNext(wanted: NewPriceListVersion, currency: string): void {
  const { content, effectiveFrom, ratedUpTo, correctPast } = wanted;
  if (content.currency !== currency) {
    const reason = `the price list ${wanted.priceListId} is in ${currency}, and so is every version of it`;
    throw fail('Conflict', { reason });
  }
  if (!correctPast && ratedUpTo !== undefined && effectiveFrom < ratedUpTo) {
    throw fail('PriceInThePast', { effectiveFrom: hourStart(effectiveFrom).toString() });
  }
}

/** Publishes the sample price list, in force since 1970, unless there is a list of its id. Cheap when there is. */
export async function ensureSamplePriceList(tx: Tx, clock: Clock): Promise<void> {
  if ((await readNewest(tx, SAMPLE_ID)) !== undefined) return;
  await holdBilling(tx);
  if ((await readNewest(tx, SAMPLE_ID)) !== undefined) return;
  await publishPriceList(
    tx,
    {
      priceListId: SAMPLE_ID,
      content: samplePrices,
      effectiveFrom: hourNumber(0),
      sample: true,
      note: sampleNote,
      correctPast: false,
      ratedUpTo: undefined,
    },
    { clock, actor: SYSTEM },
  );
}
