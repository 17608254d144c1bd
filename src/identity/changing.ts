import type { Actor } from '../audit/index.ts';
import type { Clock } from '../platform/index.ts';

/** What every change is made with: when, and by whom. */
export interface Changing {
  readonly clock: Clock;
  readonly actor: Actor;
}
