import { isKeepable, invalidProperty } from '../../../platform/index.ts';
import { parseOfferReference } from '../offers/reference.ts';
import type { FieldMatch } from './list.ts';

const FIELDS = [
  'subscriptionId',
  'delegatedProviderSubscriptionId',
  'displayName',
  'externalReferenceId',
  'owner',
  'tenantId',
  'routingResourceManagerType',
  'state',
] as const;

const LONGEST = 2000;
/** `field eq 'value'`, then `and` or the end; a quote within a value is written twice. */
const TERM = /\s*([a-z]+)\s+eq\s+(?:'((?:[^']|'')*)'|([\w.@-]+))\s*(and\s|$)/iy;
const RULE =
  "it is one or more of the form owner eq 'a@b.example', with and between them, on owner, offerId, state or another " +
  'property of subscriptions';

/**
 * Reads a `$filter`: equalities with `and` between them, the rest of the language is refused.
 *
 * @throws InvalidProperty
 */
export function parseFilter(text: string): FieldMatch[] {
  const refused = invalidProperty('$filter', text, RULE);
  if (text.length > LONGEST || !isKeepable(text)) throw refused;
  const matches: FieldMatch[] = [];
  TERM.lastIndex = 0;
  for (let more = true; more;) {
    const [, name = '', quoted, bare = '', next = ''] = TERM.exec(text) ?? [];
    const value = quoted?.replaceAll("''", "'") ?? bare;
    const found = name === '' ? undefined : matchesOf(name, value);
    if (found === undefined) throw refused;
    matches.push(...found);
    more = next !== '';
  }
  return matches;
}

function matchesOf(name: string, value: string): FieldMatch[] | undefined {
  if (name.toLowerCase() === 'offerid') return matchesOfOffer(value);
  const field = FIELDS.find((known) => known.toLowerCase() === name.toLowerCase());
  return field && [{ field, value }];
}

/** In any form in which the id of an offer is written, or its plain name; anything else is no subscription's. */
function matchesOfOffer(value: string): FieldMatch[] {
  const reference = parseOfferReference(value);
  const { provider, name } = reference ?? { provider: undefined, name: '' };
  const byName: FieldMatch = { field: 'offerName', value: name };
  if (provider === undefined) return [byName];
  const field = provider === 'default' ? 'offerOfDefault' : 'offerProvider';
  return [byName, { field, value: provider === 'default' ? 'true' : provider }];
}
