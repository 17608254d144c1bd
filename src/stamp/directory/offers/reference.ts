import { parseSubscriptionId, type SubscriptionId } from '../../../kernel/index.ts';
import type { OfferName } from './offer.ts';

/** How callers name an offer: a provider, or the default one, or none said; and a name, compared without case. */
export interface OfferReference {
  readonly provider: SubscriptionId | 'default' | undefined;
  readonly name: string;
}

const NAME = String.raw`[\p{L}\p{N}._()-]{1,90}`;
const OF_PROVIDER = String.raw`delegatedproviders/([^/]+)/offers/(${NAME})`;
/** For its users: `/delegatedProviders/{provider}/offers/{name}`. */
const FOR_USERS = new RegExp(`^/?${OF_PROVIDER}/?$`, 'iu');
const ADMIN = String.raw`providers/microsoft\.subscriptions\.admin`;
/** As the provider itself, or the one above it, writes it. */
const DELEGATED = new RegExp(`^/subscriptions/[^/]+/${ADMIN}/${OF_PROVIDER}/?$`, 'iu');
const RESOURCE = new RegExp(
  `^/subscriptions/([^/]+)/resourcegroups/[^/]+/${ADMIN}/offers/(${NAME})/?$`,
  'iu',
);
const PLAIN = new RegExp(`^${NAME}$`, 'u');

/** Reads any of the forms in which clients write the id of an offer, or its plain name; undefined for none of them. */
export function parseOfferReference(text: string): OfferReference | undefined {
  if (PLAIN.test(text)) return { provider: undefined, name: text };
  const [, provider = '', name = ''] =
    FOR_USERS.exec(text) ?? DELEGATED.exec(text) ?? RESOURCE.exec(text) ?? [];
  if (name === '') return undefined;
  if (provider.toLowerCase() === 'default') return { provider: 'default', name };
  const id = parseSubscriptionId(provider);
  return id === undefined ? undefined : { provider: id, name };
}

/** The id of an offer as the users of its subscriptions see it. */
export function userOfferId(offer: OfferName): string {
  const provider = offer.ofDefaultProvider ? 'default' : offer.providerSubscriptionId;
  return `/delegatedProviders/${provider}/offers/${offer.name}`;
}

/** The id of an offer as a resource of its provider. */
export function offerResourceId(offer: OfferName): string {
  const { providerSubscriptionId, resourceGroup, name } = offer;
  return `/subscriptions/${providerSubscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Subscriptions.Admin/offers/${name}`;
}

/** The name of a plan in its id, or a plain name; undefined for anything else. */
export function parsePlanReference(text: string): string | undefined {
  const [, name = text] =
    new RegExp(
      `^/subscriptions/[^/]+/(?:resourcegroups/[^/]+/)?${ADMIN}/plans/(${NAME})/?$`,
      'iu',
    ).exec(text) ?? [];
  return PLAIN.test(name) ? name : undefined;
}
