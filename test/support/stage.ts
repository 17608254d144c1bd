import { hash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before } from 'node:test';
import { invoiceHistory, setUpDemo, type DemoPerson } from '../../src/demo/index.ts';
import { summarizeCosts } from '../../src/commerce/cost-analysis/index.ts';
import { summarizeUsage } from '../../src/stamp/usage-analysis/index.ts';
import { projectFolder, silentLog, systemClock } from '../../src/platform/index.ts';
import type { Server } from '../../src/server/index.ts';
import { withTestDatabase, type DatabaseTemplate, type TestDatabase } from './database.ts';
import { startTestedServer, withServer } from './server.ts';

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
 * The database of a stage. It takes most of a minute to fill, so that it is filled once for all test files, and again
 * when the sources or the day are others. To be called outside of the `describe` that has the stage, so that the server
 * stops first.
 */
export function withStageDatabase(): TestDatabase {
  return withTestDatabase({
    template: { name: 'stage', digest: digestOfStage(), fill: fillStage },
  });
}

/** Sets the stage on its database, for the tests below the call. */
export function withStage(test: TestDatabase): Stage {
  const running = withServer(test);
  let people: readonly DemoPerson[] = [];
  before(async () => {
    const { rows } = await test.database.pool.query<DemoPerson>(
      `select user_name as "userName", password, part from stage.person`,
    );
    people = rows;
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

const fillStage: DatabaseTemplate['fill'] = async (databaseUrl) => {
  const data = await mkdtemp(join(tmpdir(), 'stackmeter-stage-'));
  try {
    const server = await startTestedServer({ data, databaseUrl });
    try {
      const tools = { server, clock: systemClock, data, region: 'local' };
      const { stamp, state } = await setUpDemo(tools, () => undefined, SIZE);
      await invoiceHistory(tools, stamp, silentLog, new AbortController().signal);
      // Or some pages would show a part of it, and another part each time.
      await summarizeUsage({ database: server.database, clock: systemClock });
      await summarizeCosts({ database: server.database });
      // With their passwords, of which the product itself keeps hashes alone.
      await server.database.pool.query(
        `create schema stage;
         create table stage.person (user_name text, password text, part text)`,
      );
      for (const { userName, password, part } of state.people) {
        await server.database.pool.query('insert into stage.person values ($1, $2, $3)', [
          userName,
          password,
          part,
        ]);
      }
    } finally {
      await server.close();
    }
  } finally {
    await rm(data, { recursive: true });
  }
};

/** Of what a stage is made from: the sources, and the day up to which its history goes. */
function digestOfStage(): string {
  const files = globSync('src/**/*.{ts,sql,json}', {
    cwd: projectFolder,
    exclude: ['**/*.test.ts', 'src/cli/**', 'src/portal/**'],
  }).toSorted();
  const contents = files.map(
    (file) => `${file} ${hash('sha256', readFileSync(join(projectFolder, file)))}`,
  );
  return hash('sha256', [systemClock.now().toString().slice(0, 10), ...contents].join('\n'));
}
