/** What became of an id that was shown to the table. */
export type Claim = 'new' | 'same' | 'other' | 'full';

const WORDS = 5;
const LEAST = 1024;
/** Above this part of the places, finding a free one takes long. */
const FULLEST = 0.6;

/**
 * Remembers ids and what belongs to each, as hashes: 20 bytes an id, whatever their length. 96 bits for the id, so that
 * among a million ids two are taken for one with a probability below 10^-16, and 64 bits for what belongs to it.
 */
export class IdTable {
  readonly #most: number;
  #slots = new Uint32Array(LEAST * WORDS);
  #places = LEAST;
  #size = 0;

  /** @param most ids that are remembered; further ones are answered with `full` */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /** Remembers the id with its value, or compares the value with that of the first time. */
  claim(id: string, value: string): Claim {
    const [one, two, three] = hash(id, idSeeds);
    const [four, five] = hash(value, valueSeeds);
    const at = this.#find(one, two, three);
    const slots = this.#slots;
    if (slots[at] !== 0) return slots[at + 3] === four && slots[at + 4] === five ? 'same' : 'other';
    if (this.#size >= this.#most) return 'full';
    slots.set([one, two, three, four, five], at);
    this.#size++;
    if (this.#size > this.#places * FULLEST) this.#grow();
    return 'new';
  }

  has(id: string): boolean {
    const [one, two, three] = hash(id, idSeeds);
    return this.#slots[this.#find(one, two, three)] !== 0;
  }

  /** Where the id stands, or the free place where it would. */
  #find(one: number, two: number, three: number): number {
    const slots = this.#slots;
    for (let place = one % this.#places; ; place = (place + 1) % this.#places) {
      const at = place * WORDS;
      if (slots[at] === 0) return at;
      if (slots[at] === one && slots[at + 1] === two && slots[at + 2] === three) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#places *= 2;
    this.#slots = new Uint32Array(this.#places * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at] === 0) continue;
      const free = this.#find(old[at]!, old[at + 1]!, old[at + 2]!);
      this.#slots.set(old.subarray(at, at + WORDS), free);
    }
  }
}

const idSeeds = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35] as const;
const valueSeeds = [0x27d4eb2f, 0x165667b1, 0x9e3779b1] as const;

/** Three words for a text. The first is never 0, which marks a free place. */
function hash(
  text: string,
  [first, second, third]: readonly [number, number, number],
): [number, number, number] {
  let one = first;
  let two = second;
  let three = third;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
    three = Math.imul(three ^ code, 2246822507) ^ (three >>> 13);
  }
  one = mixed(one ^ (two >>> 15), text.length);
  two = mixed(two ^ (three >>> 13), one);
  three = mixed(three ^ (one >>> 16), two);
  return [one === 0 ? 1 : one, two, three];
}

function mixed(word: number, salt: number): number {
  let value = Math.imul(word ^ (word >>> 16) ^ salt, 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return (value ^ (value >>> 16)) >>> 0;
}
