import type { Draft } from './draft.ts';
import { show, simpler } from './draft.ts';
import { faultsOf, parse } from './checks.ts';
import type { Generate } from './generate.ts';
import { learnFrom, type Knowledge } from './knowledge.ts';
import type { Answer, Sender } from './send.ts';

/** What went wrong with one request, the same for others not told again. */
export interface Failure {
  readonly fault: string;
  /** The first number with this fault. */
  readonly index: number;
  readonly request: Draft;
  readonly answer: Answer | undefined;
  readonly times: number;
}

export interface Played {
  readonly failures: readonly Failure[];
  /** How often an operation was answered with which status. */
  readonly coverage: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly requests: number;
}

/** Answers larger than this tell nothing that smaller ones do not. */
const MOST_LEARNED = 64 * 1024;

/** Sends the requests from the first on, several at a time, and looks at each answer. */
export async function play(options: {
  readonly generate: Generate;
  readonly sender: Sender;
  readonly knowledge: Knowledge;
  readonly requests: number;
  readonly atOnce: number;
}): Promise<Played> {
  const { generate, sender, knowledge, requests, atOnce } = options;
  const failures = new Map<string, Failure>();
  const coverage = new Map<string, Map<number, number>>();
  let next = 0;
  const note = (index: number, request: Draft, answer: Answer | undefined, fault: string): void => {
    const key = `${request.operation.family}: ${fault}`;
    const known = failures.get(key);
    failures.set(key, {
      ...(known ?? { fault: key, index, request, answer }),
      times: (known?.times ?? 0) + 1,
    });
  };
  const one = async (index: number): Promise<void> => {
    const request = generate(index);
    let answer: Answer;
    try {
      answer = await sender.send(request);
    } catch (error) {
      note(index, request, undefined, `no answer: ${String(error)}`);
      return;
    }
    for (const fault of faultsOf(request, answer)) note(index, request, answer, fault);
    // Of those that surely came there.
    if (request.fits && request.method === request.operation.method) {
      const counts = coverage.get(request.operation.id) ?? new Map<number, number>();
      coverage.set(
        request.operation.id,
        counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1),
      );
    }
    learn(knowledge, request, answer);
  };
  const work = async (): Promise<void> => {
    while (next < requests) await one(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { failures: [...failures.values()], coverage, requests };
}

function learn(knowledge: Knowledge, request: Draft, { status, headers, body }: Answer): void {
  if (status >= 400 || body.length > MOST_LEARNED) return;
  const cookies = [request.headers['cookie'] ?? [], headers['set-cookie'] ?? []].flat();
  const type = headers['content-type'] ?? '';
  const page = type.startsWith('text/html') ? body.toString('utf8') : '';
  const content = type.startsWith('application/json') ? parse(body) : undefined;
  learnFrom(knowledge, { location: headers.location, cookies, page }, content);
}

const MOST_STEPS = 200;

/** Leaves out of a request what it fails without, as far as it fails again at all. */
export async function shrink(sender: Sender, failure: Failure): Promise<Draft> {
  const fault = failure.fault.slice(failure.fault.indexOf(': ') + 2);
  let left = MOST_STEPS;
  const fails = async (draft: Draft): Promise<boolean> => {
    left -= 1;
    try {
      return left >= 0 && faultsOf(draft, await sender.send(draft)).includes(fault);
    } catch (error) {
      return fault === `no answer: ${String(error)}`;
    }
  };
  const firstThatFails = async (drafts: Iterable<Draft>): Promise<Draft | undefined> => {
    for (const draft of drafts) if (await fails(draft)) return draft;
    return undefined;
  };
  let best: Draft | undefined;
  let next = await firstThatFails([failure.request]);
  while (next !== undefined) {
    best = next;
    next = await firstThatFails(simpler(best));
  }
  return best ?? failure.request;
}

const MOST_SHOWN = 2000;

function readable({ headers, body }: Answer): string {
  const isPage = headers['content-type']?.startsWith('text/html') === true;
  const text = body.toString('utf8');
  return (isPage ? text.replaceAll(/<style>.*?<\/style>|<[^>]*>|\s+/gs, ' ') : text).slice(
    0,
    MOST_SHOWN,
  );
}

/** A failure for people: the request that can be sent again, and what came back. */
export function describeFailure({ fault, index, times, answer }: Failure, request: Draft): string {
  const came =
    answer === undefined
      ? 'nothing'
      : `${answer.status} ${JSON.stringify(answer.headers)}\n${readable(answer)}`;
  return `${fault} (${times} times, first with request ${index})\n\n${show(request)}\n\n=> ${came}\n`;
}

/** A line for each operation: how often it was answered with which status. */
export function describeCoverage({ coverage }: Pick<Played, 'coverage'>): string[] {
  return [...coverage]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, counts]) => {
      const sorted = [...counts].toSorted(([one], [other]) => one - other);
      return `${id}: ${sorted.map(([status, count]) => `${status} x ${count}`).join(', ')}`;
    });
}
