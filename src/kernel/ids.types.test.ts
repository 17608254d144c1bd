import type { PrincipalId, DirectoryTenantId, MeterId, MeterKey, SubscriptionId } from './ids.ts';
import { meterKey, parseSubscriptionId } from './ids.ts';

declare function useSubscription(id: SubscriptionId): void;
declare function useText(text: string): void;

// The compiler checks this file: each marked line must stay an error.
void function ids(
  subscription: SubscriptionId,
  tenant: DirectoryTenantId,
  client: PrincipalId,
  meter: MeterId,
  key: MeterKey,
): void {
  useSubscription(subscription);
  useText(subscription);
  // @ts-expect-error: a tenant is not a subscription
  useSubscription(tenant);
  // @ts-expect-error: a client is not a subscription
  useSubscription(client);
  // @ts-expect-error: a text must be parsed first
  useSubscription('37a4b7a2-09e9-457d-a221-323ebadefeb0');
  // @ts-expect-error: the text may be no id
  useSubscription(parseSubscriptionId('37a4b7a2-09e9-457d-a221-323ebadefeb0'));
  // @ts-expect-error: a spelling is not a comparison key
  const wrongKey: MeterKey = meter;
  // @ts-expect-error: a comparison key is not a spelling
  meterKey(key);
  return void wrongKey;
};
