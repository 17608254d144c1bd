import {
  isJsonObject,
  parseDirectoryTenantId,
  parsePrincipalId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import type { Actor } from '../../../audit/index.ts';
import {
  type Fields,
  invalidProperty,
  propertiesOf,
  type Queryable,
  readText,
  readTexts,
} from '../../../platform/index.ts';
import { parseOfferReference } from '../offers/reference.ts';
import { findOffer } from '../offers/store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { MoveTarget } from './move.ts';
import { findBelow } from './tree.ts';

/** What is to be moved where, in words that can be kept until it is done. */
export interface MoveRequest {
  readonly subscriptions: readonly SubscriptionId[];
  readonly provider: SubscriptionId;
  /** The name of an offer of that provider; undefined where none was named. */
  readonly offer: string | undefined;
}

const OF_ADMIN =
  /^\/subscriptions\/[^/]+\/providers\/microsoft\.subscriptions\.admin\/subscriptions\/([^/]+)\/?$/i;
const OF_USER = /^\/subscriptions\/([^/]+)\/?$/i;

/** Each is looked at on its own, and the tree is held meanwhile. */
const MOST_AT_ONCE = 100;

/** Reads the id of a subscription in any of the forms in which clients write it. */
export function parseSubscriptionReference(text: string): SubscriptionId | undefined {
  const [, id = text] = OF_ADMIN.exec(text) ?? OF_USER.exec(text) ?? [];
  return parseSubscriptionId(id);
}

/**
 * Reads the body of a move. Without a target offer subscriptions come back to the caller itself, which for the operator
 * is the default provider.
 *
 * @throws InvalidProperty
 */
export function readMoveBody(body: Fields, caller: Subscription): MoveRequest {
  const fields = propertiesOf(body);
  const texts = readTexts(fields, 'resources') ?? [];
  if (texts.length === 0 || texts.length > MOST_AT_ONCE) {
    throw invalidProperty('resources', '', `it names 1 to ${MOST_AT_ONCE} subscriptions`);
  }
  const subscriptions = texts.map((text) => {
    const id = parseSubscriptionReference(text);
    if (id !== undefined) return id;
    throw invalidProperty('resources', text, 'each one is the id of a subscription');
  });
  const target = readText(fields, 'targetDelegatedProviderOffer', 500);
  if (target === undefined) {
    return { subscriptions, provider: caller.subscriptionId, offer: undefined };
  }
  const reference = parseOfferReference(target);
  const isRoot = caller.delegatedProviderSubscriptionId === undefined;
  if (reference === undefined || (reference.provider === 'default' && !isRoot)) {
    throw invalidProperty('targetDelegatedProviderOffer', target, NO_OFFER);
  }
  const { provider = 'default', name } = reference;
  return {
    subscriptions,
    provider: provider === 'default' ? caller.subscriptionId : provider,
    offer: name,
  };
}

const NO_OFFER = 'it names no offer of a provider in the tree below the caller';

/** Finds the target as it is now; a provider outside the tree is the same as one that does not exist. */
export async function findTarget(
  db: Queryable,
  { provider, offer: name }: MoveRequest,
  caller: SubscriptionId,
): Promise<MoveTarget> {
  const isInTree =
    provider === caller || (await findBelow(db, caller, provider, true)) !== undefined;
  if (name === undefined && isInTree) return { provider, offer: undefined };
  const offer = isInTree && name !== undefined ? await findOffer(db, provider, name) : undefined;
  if (offer !== undefined) return { provider, offer };
  throw invalidProperty('targetDelegatedProviderOffer', name ?? provider, NO_OFFER);
}

/** A move as it is kept until it is done: who asked for it, and on behalf of which provider. */
export interface KeptMove extends MoveRequest {
  readonly caller: SubscriptionId;
  readonly actor: Actor & { readonly kind: 'principal' };
}

/** @throws TypeError for what {@link KeptMove} did not become; the operation then fails and the log tells */
export function readKeptMove(input: Readonly<Record<string, unknown>>): KeptMove {
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  const text = (name: string): string => textOf(input[name]);
  const { actor } = input;
  const actorText = (name: string): string => textOf(isJsonObject(actor) ? actor[name] : '');
  const provider = parseSubscriptionId(text('provider'));
  const caller = parseSubscriptionId(text('caller'));
  const principalId = parsePrincipalId(actorText('principalId'));
  const tenantId = parseDirectoryTenantId(actorText('tenantId'));
  const kept = input['subscriptions'];
  const ids = Array.isArray(kept) ? kept.map((id: unknown) => parseSubscriptionId(textOf(id))) : [];
  const subscriptions = ids.filter((id) => id !== undefined);
  if (!provider || !caller || !principalId || !tenantId || subscriptions.length !== ids.length) {
    throw new TypeError('a move was kept in a form that cannot be read');
  }
  const offer = input['offer'] === undefined ? undefined : text('offer');
  const name = actorText('name');
  return {
    subscriptions,
    provider,
    offer,
    caller,
    actor: { kind: 'principal', principalId, tenantId, name },
  };
}
