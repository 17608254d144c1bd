import { fail } from '../../kernel/index.ts';
import type { BodyRoom } from '../../platform/index.ts';

/** Bytes of bodies that are read or waiting at once, over all stamps. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Room for the bodies of all stamps together. */
export interface SharedRoom {
  /** Sets room aside for a body; `release` gives it back. */
  reserve(): BodyRoom & { release(): void };
}

/** @param most bytes */
export function createSharedRoom(most: number = MOST_BYTES): SharedRoom {
  let taken = 0;
  return {
    reserve: () => {
      let held = 0;
      return {
        growTo: (bytes) => {
          const more = bytes - held;
          // One body alone always has room.
          if (taken > held && taken + more > most) {
            const reason = 'as many reports are being read as fit';
            throw fail('ServiceUnavailable', { reason }, { headers: { 'retry-after': '2' } });
          }
          held += more;
          taken += more;
        },
        release: () => {
          taken -= held;
          held = 0;
        },
      };
    },
  };
}
