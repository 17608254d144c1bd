import { demoSubscriptions, registerDemo } from './commerce.ts';
import { importDemoHistory, type OnShare } from './history.ts';
import { addPeople } from './people.ts';
import { prepareDemo, type DemoStamp, type DemoTools } from './stamp.ts';
import { writeDemoState, type DemoState } from './state.ts';

/** How much of a demo there shall be; all of it unless said otherwise. */
export interface DemoSize {
  /** Whole months of history before the present one. */
  readonly months?: number;
  /** One resource in so many. */
  readonly oneIn?: number;
}

/**
 * Makes the demo on a server: the simulated stamp, registered and billed, people who can sign in, and its history,
 * closed. What an earlier start has done stays; one that was stopped in the middle is gone on with.
 *
 * @returns the stamp, what the demo remembers, and how many records were made now; undefined where none were
 */
export async function setUpDemo(
  tools: DemoTools,
  onShare: OnShare,
  { months, oneIn = 1 }: DemoSize = {},
): Promise<{
  readonly stamp: DemoStamp;
  readonly state: DemoState;
  readonly records: number | undefined;
}> {
  const { demo, state: before } = await prepareDemo(tools, months);
  const stamp = thinned(demo, oneIn);
  if (before.historyDone) return { stamp, state: before, records: undefined };
  // Before the history: what was closed before a stamp is registered is not reported.
  await registerDemo(tools, stamp);
  const people = await addPeople(tools, stamp, demoSubscriptions);
  const state = { ...before, people: people ?? before.people };
  await writeDemoState(tools.data, state);
  const records = await importDemoHistory(tools, stamp, onShare);
  const done = { ...state, historyDone: true };
  await writeDemoState(tools.data, done);
  tools.server.wakeBridge();
  return { stamp, state: done, records };
}

function thinned(demo: DemoStamp, oneIn: number): DemoStamp {
  const resources = demo.simulated.resources.filter((_, index) => index % oneIn === 0);
  return { ...demo, simulated: { ...demo.simulated, resources } };
}
