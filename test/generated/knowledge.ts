import type { SeededRandom } from '../crash/random.ts';

/** What is there to be asked for, by kind: `subscription`, `offer`, `quarantineId`. */
export interface Knowledge {
  /** Known from the beginning, and never forgotten. */
  fix(kind: string, ...values: readonly string[]): void;
  /** Seen in an answer; the last of a kind are remembered. */
  learn(kind: string, value: string): void;
  /** One of the kind; undefined when there is none. Takes as many numbers from `random`, however many there are. */
  pick(random: SeededRandom, kind: string): string | undefined;
}

/** Everything from which plausible requests are made. */
export interface World {
  readonly knowledge: Knowledge;
  /** The present hour, in which usage may end. */
  readonly hour: Temporal.Instant;
  /** Address of the server, which is the audience of its tokens too. */
  readonly base: string;
}

const MOST_LEARNED = 40;

export function createKnowledge(): Knowledge {
  const fixed = new Map<string, readonly string[]>();
  const learned = new Map<string, readonly string[]>();
  return {
    fix(kind, ...values) {
      fixed.set(kind, [...(fixed.get(kind) ?? []), ...values]);
    },
    learn(kind, value) {
      const known = learned.get(kind) ?? [];
      if (!known.includes(value)) learned.set(kind, [...known, value].slice(-MOST_LEARNED));
    },
    pick(random, kind) {
      const [before, since] = [fixed.get(kind) ?? [], learned.get(kind) ?? []];
      const [which, place] = [random.next(), random.next()];
      const from = before.length > 0 && (since.length === 0 || which < 0.5) ? before : since;
      return from[Math.floor(place * from.length)];
    },
  };
}

/** Properties of answers that are worth sending back. */
const WORTH = new Set([
  'quarantineId',
  'acquisitionId',
  'device_code',
  'user_code',
  'refresh_token',
  'access_token',
  'next',
  'nextWindow',
  'number',
  'charge',
  'termId',
  'paymentId',
  'messageId',
  'resourceKey',
]);

/** Remembers what an answer tells: ids that the server made up, and where to go on. */
export function learnFrom(
  knowledge: Knowledge,
  answer: {
    readonly location: string | undefined;
    readonly cookies: readonly string[];
    readonly page: string;
  },
  content: unknown,
): void {
  const { location = '', cookies, page } = answer;
  const [, operationId] = /\/operationresults\/([^/?]+)/i.exec(location) ?? [];
  if (operationId !== undefined) knowledge.learn('operationId', operationId);
  const [, card] = /\/rate-card-documents\/([^/?]+)/.exec(location) ?? [];
  if (card !== undefined) knowledge.learn('rateCardToken', card);
  const [, step, uid] = /\/(signin|authorize|deviceauth)\/([\w-]+)/i.exec(location) ?? [];
  const cookie = cookies.map((one) => one.split('; path=', 1)[0]).join('; ');
  // Steps of a sign-in belong to the browser that began it.
  if (uid !== undefined) knowledge.learn(`step ${step}`, `${uid} ${cookie}`);
  const [, xsrf] = /name="xsrf" value="([\w-]+)"/.exec(page) ?? [];
  if (xsrf !== undefined) knowledge.learn('form', `${xsrf} ${cookie}`);
  const [, code] = /[?&]code=([\w-]+)/.exec(location) ?? [];
  if (code !== undefined) knowledge.learn('code', code);
  walk(knowledge, content, 0);
}

function walk(knowledge: Knowledge, value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > 3) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 5)) walk(knowledge, item, depth + 1);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    if (typeof item !== 'string') walk(knowledge, item, depth + 1);
    else if (name === 'nextLink') learnLink(knowledge, item);
    else if (name === 'url') learnDownload(knowledge, item);
    // Tokens with dots are for the interfaces; of those there are enough.
    else if (WORTH.has(name) && !item.includes('.')) knowledge.learn(name, item);
  }
}

function learnLink(knowledge: Knowledge, link: string): void {
  for (const [name, value] of new URL(link).searchParams) {
    if (/token$/i.test(name)) knowledge.learn(name.toLowerCase(), value);
  }
}

function learnDownload(knowledge: Knowledge, address: string): void {
  const [, token] = /\/invoice-downloads\/([^/?]+)$/.exec(address) ?? [];
  if (token !== undefined) knowledge.learn('downloadToken', token);
}
