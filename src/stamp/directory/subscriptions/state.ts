import { fail, type SubscriptionId } from '../../../kernel/index.ts';

/** States of a subscription; Warned and PastDue exist in the interface and behave like Enabled. */
export const SUBSCRIPTION_STATES = [
  'Enabled',
  'Disabled',
  'Deleting',
  'PartiallyDeleted',
  'Deleted',
  'Warned',
  'PastDue',
] as const;

export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

/** To be switched between as often as one likes; leaving them by Deleting is for good. */
const LIVING = ['Enabled', 'Disabled', 'Warned', 'PastDue'] as const;

/** From each state, those that may follow (usage contract, section on subscriptions: the table of states). */
const FOLLOWING: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  Enabled: [...LIVING, 'Deleting'],
  Disabled: [...LIVING, 'Deleting'],
  Warned: [...LIVING, 'Deleting'],
  PastDue: [...LIVING, 'Deleting'],
  // There is no way back from here, and a deletion that failed can only be begun again.
  Deleting: ['Deleted', 'PartiallyDeleted'],
  PartiallyDeleted: ['Deleting'],
  Deleted: [],
};

/** Whether a subscription may go from one state to the other; staying is no change and always allowed. */
export function mayFollow(from: SubscriptionState, to: SubscriptionState): boolean {
  return from === to || FOLLOWING[from].includes(to);
}

/** @throws Conflict when the state may not follow, saying which may */
export function requireMayFollow(
  subscriptionId: SubscriptionId,
  from: SubscriptionState,
  to: SubscriptionState,
): void {
  if (mayFollow(from, to)) return;
  const others = FOLLOWING[from].filter((state) => state !== from);
  const rest =
    others.length === 0 ? 'which is final' : `from which it goes to ${others.join(', ')}`;
  const reason = `the subscription ${subscriptionId} is ${from}, ${rest}`;
  throw fail('Conflict', { reason });
}

/** Whether usage of a subscription in this state is taken; otherwise it is refused and kept in quarantine. */
export function takesUsage(state: SubscriptionState): boolean {
  return state === 'Enabled' || state === 'Warned' || state === 'PastDue';
}

/** Whether the subscription's own users still see it; the operator and its provider see every state. */
export function visibleToTenant(state: SubscriptionState): boolean {
  return state !== 'Deleting' && state !== 'PartiallyDeleted' && state !== 'Deleted';
}

/** Reads the name of a state in any case; undefined when there is none of this name. */
export function parseState(text: string): SubscriptionState | undefined {
  return SUBSCRIPTION_STATES.find((known) => known.toLowerCase() === text.toLowerCase());
}
