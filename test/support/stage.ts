import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { invoiceHistory, setUpDemo, type DemoPerson } from '../../src/demo/index.ts';
import { silentLog, systemClock } from '../../src/platform/index.ts';
import type { Server } from '../../src/server/index.ts';
import type { TestDatabase } from './database.ts';
import { withServer } from './server.ts';

/** Who looks at the pages. */
export type Part = 'operator' | 'partner' | 'owner' | 'reader';

/** A server with the demo's customers, of whose resources there are few, and months of history. */
export interface Stage {
  readonly server: Server;
  /** Address of the pages, with a slash at the end. */
  readonly portal: string;
  person(part: Part): DemoPerson;
}

/** Few resources and no more months than an invoice needs: pages are as they are with all. */
const SIZE = { months: 2, oneIn: 24 };

/**
 * Sets the stage for the tests below the call, in half a minute. To be called in a `describe` within the one that has the
 * database, so that the server stops first.
 */
export function withStage(test: TestDatabase): Stage {
  const running = withServer(test);
  let data: string | undefined;
  let people: readonly DemoPerson[] = [];
  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'stackmeter-portal-'));
    const tools = { server: running.server, clock: systemClock, data, region: 'local' };
    const { stamp, state } = await setUpDemo(tools, () => undefined, SIZE);
    people = state.people;
    await invoiceHistory(tools, stamp, silentLog, new AbortController().signal);
  });
  after(async () => {
    if (data !== undefined) await rm(data, { recursive: true });
  });
  const person = (part: Part): DemoPerson => {
    const found = people.find(({ userName }) => userName.startsWith(`${part}@`));
    if (found === undefined) throw new Error(`nobody is the ${part}`);
    return found;
  };
  return {
    get server() {
      return running.server;
    },
    get portal() {
      return `${running.server.baseUrl}/portal/`;
    },
    person,
  };
}
