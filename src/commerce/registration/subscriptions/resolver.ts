import {
  fail,
  isJsonObject,
  parseDirectoryTenantId,
  StackmeterError,
  type DirectoryTenantId,
  type ErrorCode,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { callHttps, type CallAnswer, type Clock, type Database } from '../../../platform/index.ts';
import { addCommerceSubscription } from './change.ts';
import {
  isOfPartner,
  parseKind,
  type CommerceSubscription,
  type CommerceSubscriptionKind,
} from './commerce-subscription.ts';
import { findCommerceSubscription } from './store.ts';

/** What another directory of subscriptions knows of one. */
export interface ResolvedSubscription {
  readonly displayName: string;
  readonly kind: CommerceSubscriptionKind;
  readonly partnerId: string | undefined;
  readonly tenantId: DirectoryTenantId | undefined;
}

/** Asks another directory for a subscription that is not known here; undefined when it has none of that id. */
export type SubscriptionResolver = (
  id: SubscriptionId,
) => Promise<ResolvedSubscription | undefined>;

const LONGEST_ANSWER_BYTES = 65_536;
const PATIENCE_MS = 5000;

/**
 * A resolver that asks `GET {url}/subscriptions/{id}` over HTTPS, five seconds at most. The answer is a
 * JSON object with displayName, kind, partnerId and tenantId; 404 means that there is none.
 *
 * @param options.ca PEM of the authority of that server; those of the platform unless given
 */
export function httpsSubscriptionResolver(options: {
  readonly url: string;
  readonly ca?: string | undefined;
  readonly clock: Clock;
}): SubscriptionResolver {
  const base = options.url.replace(/\/+$/, '');
  return async (id) => {
    const { status, text } = await ask(`${base}/subscriptions/${id}`, id, options);
    if (status === 404) return undefined;
    if (status !== 200) throw badGateway(id, `the directory answered with status ${status}`);
    return readAnswer(id, text);
  };
}

async function ask(
  url: string,
  id: SubscriptionId,
  { ca, clock }: { readonly ca?: string | undefined; readonly clock: Clock },
): Promise<CallAnswer> {
  const call = new AbortController();
  const answered = new AbortController();
  const patience = clock.sleep(PATIENCE_MS, answered.signal).then(
    () => call.abort(new Error(`no answer within ${PATIENCE_MS / 1000} seconds`)),
    () => undefined,
  );
  try {
    return await callHttps(url, {
      headers: { accept: 'application/json' },
      maxBytes: LONGEST_ANSWER_BYTES,
      signal: call.signal,
      ...(ca !== undefined && { ca }),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badGateway(id, reason, cause);
  } finally {
    answered.abort();
    await patience;
  }
}

function readAnswer(id: SubscriptionId, text: string): ResolvedSubscription {
  const value = parseJson(text);
  const { displayName, kind, partnerId, tenantId } = isJsonObject(value) ? value : {};
  const knownKind = typeof kind === 'string' ? parseKind(kind) : undefined;
  const home = typeof tenantId === 'string' ? parseDirectoryTenantId(tenantId) : undefined;
  const partner = typeof partnerId === 'string' && partnerId.trim() !== '' ? partnerId : undefined;
  const isWhole =
    typeof displayName === 'string' &&
    knownKind !== undefined &&
    isOfPartner(knownKind) === (partner !== undefined) &&
    (tenantId === undefined || tenantId === null || home !== undefined);
  if (!isWhole) throw badGateway(id, 'the answer of the directory is not as agreed');
  return { displayName, kind: knownKind, partnerId: partner, tenantId: home };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badGateway(id: SubscriptionId, reason: string, cause?: unknown): Error {
  return fail('MetadataResolverBadGatewayError', { customerSubscriptionId: id, reason }, { cause });
}

/**
 * A subscription as it is known here, or else as the resolver knows it, which is then kept. Asks
 * outside of any transaction, so that nobody waits for another server.
 *
 * @throws MetadataResolverBadGatewayError when the resolver cannot tell
 */
export async function findOrResolve(
  {
    database,
    resolve,
  }: { readonly database: Database; readonly resolve: SubscriptionResolver | undefined },
  subscriptionId: SubscriptionId,
  changing: Changing,
): Promise<CommerceSubscription | undefined> {
  const known = await findCommerceSubscription(database.pool, subscriptionId);
  if (known !== undefined || resolve === undefined) return known;
  const resolved = await askResolver(resolve, subscriptionId);
  if (resolved === undefined) return undefined;
  const subscription = { ...resolved, subscriptionId, multitenancyApproved: false };
  try {
    return await database.transaction((tx) => addCommerceSubscription(tx, subscription, changing));
  } catch (error) {
    // Adopted by another request meanwhile; or it is one of a stamp, and then it is none here.
    if (hasCode(error, 'Conflict')) return findCommerceSubscription(database.pool, subscriptionId);
    if (!hasCode(error, 'InvalidProperty')) throw error;
    throw badGateway(subscriptionId, 'the answer of the directory is not as agreed', error);
  }
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof StackmeterError && error.code === code;
}

async function askResolver(
  resolve: SubscriptionResolver,
  id: SubscriptionId,
): Promise<ResolvedSubscription | undefined> {
  try {
    return await resolve(id);
  } catch (error) {
    if (hasCode(error, 'MetadataResolverBadGatewayError')) throw error;
    throw badGateway(id, error instanceof Error ? error.message : String(error), error);
  }
}
