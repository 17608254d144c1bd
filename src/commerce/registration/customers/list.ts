import type { Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { Registration } from '../registrations/registration.ts';
import { resourceOf, resourcesOf, type CustomerResource } from './resource.ts';
import { listInheritedMappings, listLiveMappings, type MappingFilter } from './store.ts';

/** The customer subscriptions that a registration maps itself, now or later, by id. */
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

/**
 * All that decides where usage of the registration goes, by customer: its own mappings, and those that
 * other registrations of its partner share with it.
 *
 * @param page counts customers; one that is mapped in several ways has several resources
 */
export async function listCustomers(
  db: Queryable,
  registration: Registration,
  now: Instant,
  page: MappingFilter = {},
): Promise<CustomerResource[][]> {
  const own = resourcesOf(await listLiveMappings(db, registration.number, now, page), now);
  const inherited = await listInheritedMappings(db, registration, now, page);
  const bySource = Map.groupBy(inherited, ({ inheritedFrom }) => inheritedFrom);
  const others = [...bySource].flatMap(([inheritedFrom, mappings]) =>
    resourcesOf(mappings, now).map((one) => ({ ...one, inheritedFrom })),
  );
  const groups = Map.groupBy([...own, ...others], (one) => one.customerSubscriptionId);
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => group)
    .slice(0, page.limit);
}

/** A customer of the registration, its own mapping before a shared one; undefined when it has none. */
export async function findCustomer(
  db: Queryable,
  registration: Registration,
  customerSubscriptionId: SubscriptionId,
  now: Instant,
): Promise<CustomerResource | undefined> {
  const [group] = await listCustomers(db, registration, now, { customerSubscriptionId });
  return group?.[0];
}
