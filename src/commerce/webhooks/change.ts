import { fail, type Instant } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, type Queryable } from '../../platform/index.ts';
import type { AccountId, OwnedKind } from '../accounts/index.ts';
import type { Replay } from '../mail/index.ts';
import { toWireEndpoint, type EndpointChange, type WebhookEndpoint } from './endpoint.ts';
import { replayMessages } from './delivery-store.ts';
import { deleteEndpoint, findEndpoint, writeEndpoint } from './endpoint-store.ts';
import { newSecret, secretText } from './signing.ts';

/** An endpoint with its key, which nobody is told a second time. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** Endpoints as things of accounts. */
export const webhookEndpoints: OwnedKind<WebhookEndpoint> = {
  noun: 'endpoint',
  find: findEndpoint,
  notFound: (endpoint) => fail('WebhookEndpointNotFound', { endpoint }),
};

/**
 * Makes an endpoint with a key of its own.
 *
 * @param endpointId a GUID that is held and has no endpoint
 * @throws InvalidProperty without a URL
 */
export async function addEndpoint(
  tx: Queryable,
  { endpointId, accountId }: { readonly endpointId: string; readonly accountId: AccountId },
  change: EndpointChange,
  changing: Changing,
): Promise<EndpointWithSecret> {
  const { url, ca, eventTypes = [], state = 'Enabled', description = '' } = change;
  if (url === undefined) throw invalidProperty('url', undefined, 'it has to be given');
  const endpoint: WebhookEndpoint = {
    endpointId: endpointId.toLowerCase(),
    accountId,
    url,
    ca: ca ?? undefined,
    secret: newSecret(),
    previousSecret: undefined,
    previousUntil: undefined,
    eventTypes,
    state,
    description,
    createdAt: presentOf(changing),
  };
  await writeEndpoint(tx, endpoint);
  await tell(tx, changing, endpoint);
  return { endpoint, secret: secretText(endpoint.secret) };
}

/**
 * Changes an endpoint. Its key need not be given again for another address: it signs and is never sent.
 *
 * @param before held
 */
export async function changeEndpoint(
  tx: Queryable,
  before: WebhookEndpoint,
  change: EndpointChange,
  changing: Changing,
): Promise<WebhookEndpoint> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const after: WebhookEndpoint = {
    ...before,
    ...Object.fromEntries(
      given.map(([name, value]: [string, unknown]) => [name, value ?? undefined]),
    ),
  };
  await writeEndpoint(tx, after);
  await tell(tx, changing, after);
  return after;
}

/** Forgets an endpoint and what waits for it. @param endpoint held */
export async function removeEndpoint(
  tx: Queryable,
  endpoint: WebhookEndpoint,
  changing: Changing,
): Promise<void> {
  await deleteEndpoint(tx, endpoint.endpointId);
  await tell(tx, changing, endpoint, { removed: true });
}

/**
 * Gives an endpoint another key. Until the receiver has it, messages are signed by both.
 *
 * @param before held
 * @param hours for which the one before stays good
 */
export async function rotateSecret(
  tx: Queryable,
  before: WebhookEndpoint,
  hours: number,
  changing: Changing,
): Promise<EndpointWithSecret> {
  const endpoint: WebhookEndpoint = {
    ...before,
    secret: newSecret(),
    previousSecret: before.secret,
    previousUntil: presentOf(changing).add({ hours }),
  };
  await writeEndpoint(tx, endpoint);
  await tell(tx, changing, endpoint, { rotated: true });
  return { endpoint, secret: secretText(endpoint.secret) };
}

/**
 * Sends messages to an endpoint again, under the ids that they have.
 *
 * @returns how many
 * @throws WebhookMessageNotFound for one that the endpoint never had
 */
export async function replayTo(
  tx: Queryable,
  endpoint: WebhookEndpoint,
  which: Replay,
  changing: Changing,
): Promise<number> {
  const now = changing.clock.now();
  const replayed = await replayMessages(tx, endpoint.endpointId, which, now);
  await tell(tx, changing, endpoint, { replayed });
  return replayed;
}

/** The present as the database keeps it. */
function presentOf({ clock }: Changing): Instant {
  return clock.now().round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
}

async function tell(
  tx: Queryable,
  { clock, actor }: Changing,
  endpoint: WebhookEndpoint,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Billing/webhooks/write',
    target: `/webhookEndpoints/${endpoint.endpointId}`,
    // The trail is read by more people than may know the whole address.
    detail: { ...toWireEndpoint(endpoint, 'origin'), ...more },
  });
}
