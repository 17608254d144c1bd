import { hash } from 'node:crypto';
import type { Clock } from '../../platform/index.ts';
import { createThrottle } from './throttle.ts';

/** Of one name from one network. */
const HERE = { free: 10, longestWait: 60 };
/** Of one name from anywhere: somebody who guesses elsewhere must not lock its owner out. */
const ANYWHERE = { free: 100, longestWait: 5 };
/** Of any names from one network, which many people can share. */
const NETWORK = { free: 100, longestWait: 15 * 60 };
const MAX_FAMILIAR = 10_000;

/** A password that somebody typed, or the seconds to wait before it is looked at. */
export type Guess =
  | { readonly kind: 'refused'; readonly wait: number }
  | {
      readonly kind: 'counted';
      /** It was right. */
      succeed(): void;
      /** It was not looked at. */
      takeBack(): void;
    };

/** Slows down whoever guesses passwords. */
export interface Guesses {
  /**
   * Counts a guess before it is looked at, so that many at once count as many. One that is refused
   * counts nowhere.
   *
   * @param name the sign-in name as it is compared
   * @param network of whoever types
   */
  begin(name: string, network: string): Guess;
}

/**
 * Counts by name and network, by name, and by network. A name that was signed in to from a network
 * before is held there to the first of these alone: others who guess, there or elsewhere, do not lock
 * its owner out.
 */
export function createGuesses(clock: Clock): Guesses {
  const here = createThrottle(clock, HERE);
  const anywhere = createThrottle(clock, ANYWHERE);
  const everybody = createThrottle(clock, NETWORK);
  const familiar = new Set<string>();

  return {
    begin: (name, network) => {
      // A network has no line break.
      const key = `${network}\n${name}`;
      const mark = hash('sha256', key, 'base64url');
      const others = [
        { throttle: anywhere, text: name },
        { throttle: everybody, text: network },
      ];
      const counted = [{ throttle: here, text: key }, ...(familiar.has(mark) ? [] : others)];
      const takeBack = (last: number): void => {
        for (const { throttle, text } of counted.slice(0, last)) throttle.takeBack(text);
      };
      for (const [at, { throttle, text }] of counted.entries()) {
        const wait = throttle.begin(text);
        if (wait === undefined) continue;
        takeBack(at);
        return { kind: 'refused', wait };
      }
      return {
        kind: 'counted',
        takeBack: () => takeBack(counted.length),
        succeed: () => {
          // The others are not forgotten: whoever guesses could sign in to an account of their own in between.
          takeBack(counted.length);
          here.succeed(key);
          familiar.delete(mark);
          familiar.add(mark);
          const [oldest] = familiar;
          if (familiar.size > MAX_FAMILIAR && oldest !== undefined) familiar.delete(oldest);
        },
      };
    },
  };
}
