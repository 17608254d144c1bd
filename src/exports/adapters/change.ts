import { fail, hourOf } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, type Tx } from '../../platform/index.ts';
import type { AccountId, OwnedKind } from '../../commerce/accounts/index.ts';
import { newSecret, secretText } from '../../commerce/webhooks/index.ts';
import { toWireAdapter, type AdapterDefinition, type AdapterKind } from './adapter.ts';
import { releaseEvents } from './event-store.ts';
import type { AdapterChange } from './fields.ts';
import { countAdapters, deleteAdapter, findAdapter, hasSent, writeAdapter } from './store.ts';

const MOST = 100;
const USUAL_URLS: Partial<Record<AdapterKind, string>> = {
  stripe: 'https://api.stripe.com',
  lago: 'https://api.getlago.com',
};
/** 24 to 64 bytes in Base64, as Standard Webhooks has it. */
const SIGNING_SECRET = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/** Adapters as things of accounts. */
export const billingAdapters: OwnedKind<AdapterDefinition> = {
  noun: 'adapter',
  find: findAdapter,
  notFound: (adapter) => fail('AdapterNotFound', { adapter }),
};

/** An adapter; a key that was made for it is told once. */
export interface SavedAdapter {
  readonly adapter: AdapterDefinition;
  readonly madeSecret: string | undefined;
}

/**
 * Makes an adapter, or changes it; what is not said stays. Events that were held for want of a name that is given now
 * wait again.
 *
 * @param present as it is, held; undefined: a new one
 * @throws InvalidProperty, Conflict
 */
export async function putAdapter(
  tx: Tx,
  { adapterId, accountId }: { readonly adapterId: string; readonly accountId: AccountId },
  present: AdapterDefinition | undefined,
  change: AdapterChange,
  changing: Changing,
): Promise<SavedAdapter> {
  if (present === undefined && (await countAdapters(tx)) >= MOST) {
    throw fail('Conflict', { reason: `there are ${MOST} adapters, the most that there can be` });
  }
  await checkFixed(tx, present, change);
  const kind = present?.kind ?? change.kind;
  if (kind === undefined) throw invalidProperty('kind', undefined, 'it has to be given');
  const now = changing.clock.now().round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
  const isResumed = change.state === 'Enabled';
  const adapter: AdapterDefinition = {
    adapterId: adapterId.toLowerCase(),
    name: change.name ?? present?.name ?? kind,
    kind,
    accountId,
    ...placeOf(kind, present, change),
    ca: caOf(present, change),
    meters: change.meters ?? present?.meters ?? {},
    customers: change.customers ?? present?.customers ?? {},
    includeFree: change.includeFree ?? present?.includeFree ?? false,
    decimals: change.decimals ?? present?.decimals ?? 0,
    startHour: present?.startHour ?? change.startHour ?? hourOf(now),
    state: change.state ?? present?.state ?? 'Enabled',
    problem: isResumed ? undefined : present?.problem,
    failures: isResumed ? 0 : (present?.failures ?? 0),
    nextAttemptAt: isResumed ? undefined : present?.nextAttemptAt,
    createdAt: present?.createdAt ?? now,
  };
  await writeAdapter(tx, adapter);
  if (present !== undefined) await releaseEvents(tx, adapter, { state: 'Held' });
  await tell(tx, changing, adapter, {
    ...(change.secret !== undefined && present !== undefined && { secretReplaced: true }),
  });
  const isMade = present === undefined && kind === 'webhook' && change.secret === undefined;
  return { adapter, madeSecret: isMade ? adapter.secret : undefined };
}

async function checkFixed(
  tx: Tx,
  present: AdapterDefinition | undefined,
  change: AdapterChange,
): Promise<void> {
  const { kind = present?.kind, startHour, decimals } = change;
  if (decimals !== undefined && kind !== 'stripe') {
    throw invalidProperty('settings.decimals', decimals, 'it is for stripe; others take decimals');
  }
  if (present === undefined) return;
  if (kind !== present.kind) {
    throw invalidProperty('kind', kind, 'an adapter stays what it is; make another');
  }
  if (startHour !== undefined && startHour !== present.startHour) {
    throw invalidProperty('startWindow', undefined, 'it stays; make another adapter');
  }
  const isOther = decimals !== undefined && decimals !== present.decimals;
  if (isOther && (await hasSent(tx, present.adapterId))) {
    const rule = 'it stays once something was sent; make another adapter for later windows';
    throw invalidProperty('settings.decimals', decimals, rule);
  }
}

/**
 * A key that is sent is kept for the address that it was given for and for those who vouch for that: whoever could put
 * another authority there could have somebody in between read it. That of a webhook signs and is never sent.
 */
function placeOf(
  kind: AdapterKind,
  present: AdapterDefinition | undefined,
  change: AdapterChange,
): Pick<AdapterDefinition, 'url' | 'secret'> {
  if (kind === 'csv') {
    if (change.url === undefined && change.secret === undefined) {
      return { url: undefined, secret: undefined };
    }
    throw invalidProperty('settings.url', change.url, 'files have neither an address nor a secret');
  }
  const wanted = change.url ?? present?.url ?? USUAL_URLS[kind];
  if (wanted === undefined) {
    throw invalidProperty('settings.url', undefined, 'it has to be given');
  }
  // What is called is below the address.
  const url = kind === 'webhook' ? wanted : wanted.replace(/\/+$/, '');
  if (kind === 'webhook') {
    const secret = change.secret ?? present?.secret ?? secretText(newSecret());
    if (SIGNING_SECRET.test(secret)) return { url, secret };
    const rule = 'it is whsec_ and 24 to 64 bytes in Base64; leave it out to have one made';
    throw invalidProperty('secret', undefined, rule);
  }
  const isThere = url === present?.url && caOf(present, change) === present.ca;
  const kept = isThere ? present.secret : undefined;
  const secret = change.secret ?? kept;
  if (secret === undefined) {
    throw invalidProperty('secret', undefined, 'it has to be given, again for another url or ca');
  }
  return { url, secret };
}

function caOf(
  present: AdapterDefinition | undefined,
  { ca }: AdapterChange,
): AdapterDefinition['ca'] {
  return ca === undefined ? present?.ca : (ca ?? undefined);
}

/** Forgets an adapter and what waits for it. @param adapter held */
export async function removeAdapter(
  tx: Tx,
  adapter: AdapterDefinition,
  changing: Changing,
): Promise<void> {
  await deleteAdapter(tx, adapter.adapterId);
  await tell(tx, changing, adapter, { removed: true });
}

/**
 * Sends what was refused again, under the ids that it has and with the names of the mapping as it is.
 *
 * @param adapter held
 * @param eventId all unless given
 * @returns how many
 */
export async function replayDeadLetters(
  tx: Tx,
  adapter: AdapterDefinition,
  eventId: string | undefined,
  changing: Changing,
): Promise<number> {
  const events = await releaseEvents(tx, adapter, { state: 'Dead', eventId });
  await tell(tx, changing, adapter, { replayed: events });
  return events;
}

async function tell(
  tx: Tx,
  { clock, actor }: Changing,
  adapter: AdapterDefinition,
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Billing/adapters/write',
    target: `/billingAdapters/${adapter.adapterId}`,
    // The trail is read by more people than may know the whole address.
    detail: { ...toWireAdapter(adapter, 'origin'), ...more },
  });
}
