import type { Instant } from '../../kernel/index.ts';
import {
  invalidProperty,
  readParsed,
  readText,
  readTexts,
  type Fields,
} from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import { readCa, readUrl } from './address.ts';
import { parseEventType, webhookEventTypes, type WebhookEventType } from './message.ts';
import type { SigningSecrets } from './signing.ts';

/** Where messages go. */
export interface WebhookEndpoint extends SigningSecrets {
  readonly endpointId: string;
  /** Of which it hears, and of all accounts below it. */
  readonly accountId: AccountId;
  readonly url: string;
  /** PEM of the authority of its certificate, where it is a private one. */
  readonly ca: string | undefined;
  /** Empty: all. */
  readonly eventTypes: readonly string[];
  /** Nothing is sent to a disabled one, and nothing kept for it. */
  readonly state: 'Enabled' | 'Disabled';
  readonly description: string;
  readonly createdAt: Instant;
}

/** What can be said of an endpoint; what is left out stays. */
export interface EndpointChange {
  readonly url?: string | undefined;
  /** Null: the authorities that everybody trusts. */
  readonly ca?: string | null | undefined;
  readonly eventTypes?: readonly WebhookEventType[] | undefined;
  readonly state?: WebhookEndpoint['state'] | undefined;
  readonly description?: string | undefined;
}

/** @throws InvalidProperty naming the field */
export function readEndpointChange(fields: Fields): EndpointChange {
  const types = readTexts(fields, 'eventTypes');
  return {
    url: readUrl(fields),
    ca: readCa(fields),
    eventTypes: types && [...new Set(types.map(readType))],
    state: readParsed(fields, 'state', parseState, 'it is Enabled or Disabled'),
    description: readText(fields, 'description'),
  };
}

function readType(text: string): WebhookEventType {
  const type = parseEventType(text);
  if (type !== undefined) return type;
  throw invalidProperty('eventTypes', text, `each is one of ${webhookEventTypes.join(', ')}`);
}

function parseState(text: string): WebhookEndpoint['state'] | undefined {
  return (['Enabled', 'Disabled'] as const).find(
    (state) => state.toLowerCase() === text.toLowerCase(),
  );
}

/**
 * An endpoint as answers, commands and the audit trail have it: without its keys. What follows the host of its URL is
 * often a key as well, so the whole of it is for those who may change the endpoint.
 *
 * @param url whole, or the origin alone: `https://erp.example.org/...`
 */
export function toWireEndpoint(
  one: WebhookEndpoint,
  url: 'whole' | 'origin',
): Readonly<Record<string, unknown>> {
  return {
    endpointId: one.endpointId,
    accountId: one.accountId,
    url: url === 'whole' ? one.url : `${new URL(one.url).origin}/...`,
    ...(one.ca !== undefined && { ca: one.ca }),
    eventTypes: one.eventTypes,
    state: one.state,
    description: one.description,
    ...(one.previousUntil !== undefined && { previousUntil: one.previousUntil.toString() }),
    createdAt: one.createdAt.toString(),
  };
}
