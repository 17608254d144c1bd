import { fail, isGuid, type Instant } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, type Queryable } from '../../platform/index.ts';
import { toWireEndpoint, type EndpointChange, type WebhookEndpoint } from './endpoint.ts';
import { deleteEndpoint, findEndpoint, writeEndpoint } from './endpoint-store.ts';
import { newSecret, secretText } from './signing.ts';

/** An endpoint with its key, which nobody is told a second time. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/**
 * Makes an endpoint with a key of its own.
 *
 * @param accountId of an account that is known
 * @throws InvalidProperty for an id that is none or without a URL, Conflict for an id that is taken
 */
export async function addEndpoint(
  tx: Queryable,
  { endpointId, accountId }: { readonly endpointId: string; readonly accountId: string },
  change: EndpointChange,
  changing: Changing,
): Promise<EndpointWithSecret> {
  const { url, ca, eventTypes = [], state = 'Enabled', description = '' } = change;
  if (!isGuid(endpointId)) throw invalidProperty('endpointId', endpointId, 'it has to be a GUID');
  if (url === undefined) throw invalidProperty('url', undefined, 'it has to be given');
  if ((await findEndpoint(tx, endpointId)) !== undefined) {
    throw fail('Conflict', { reason: `there is an endpoint ${endpointId} already` });
  }
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

/** Changes an endpoint. @throws WebhookEndpointNotFound */
export async function changeEndpoint(
  tx: Queryable,
  endpointId: string,
  change: EndpointChange,
  changing: Changing,
): Promise<WebhookEndpoint> {
  const before = await requireEndpoint(tx, endpointId);
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

/** Forgets an endpoint and what waits for it. @throws WebhookEndpointNotFound */
export async function removeEndpoint(
  tx: Queryable,
  endpointId: string,
  changing: Changing,
): Promise<void> {
  const endpoint = await requireEndpoint(tx, endpointId);
  await deleteEndpoint(tx, endpoint.endpointId);
  await tell(tx, changing, endpoint, { removed: true });
}

/**
 * Gives an endpoint another key. Until the receiver has it, messages are signed by both.
 *
 * @param hours for which the one before stays good
 * @throws WebhookEndpointNotFound
 */
export async function rotateSecret(
  tx: Queryable,
  endpointId: string,
  hours: number,
  changing: Changing,
): Promise<EndpointWithSecret> {
  const before = await requireEndpoint(tx, endpointId);
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

/** The present as the database keeps it. */
function presentOf({ clock }: Changing): Instant {
  return clock.now().round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
}

async function requireEndpoint(tx: Queryable, endpointId: string): Promise<WebhookEndpoint> {
  const found = await findEndpoint(tx, endpointId, { lock: true });
  if (found === undefined) throw fail('WebhookEndpointNotFound', { endpoint: endpointId });
  return found;
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
