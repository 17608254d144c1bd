import type { Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { Registration } from '../registrations/registration.ts';
import { resourceOf, resourcesOf, type CustomerResource } from './resource.ts';
import { listLiveMappings, type MappingFilter } from './store.ts';

/** The customer subscriptions of a registration that are mapped now or will be, by id. */
export async function listCustomerMappings(
  db: Queryable,
  { number }: Pick<Registration, 'number'>,
  now: Instant,
  page: Omit<MappingFilter, 'customerSubscriptionId'> = {},
): Promise<CustomerResource[]> {
  return resourcesOf(await listLiveMappings(db, number, now, page), now);
}

/** One of them; undefined when it is not mapped. */
export async function findCustomerMapping(
  db: Queryable,
  { number }: Pick<Registration, 'number'>,
  customerSubscriptionId: SubscriptionId,
  now: Instant,
): Promise<CustomerResource | undefined> {
  return resourceOf(await listLiveMappings(db, number, now, { customerSubscriptionId }), now);
}
