import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { verifyAudit } from '../../src/audit/index.ts';
import { createLog, OPENAPI_PATH, systemClock, type Config } from '../../src/platform/index.ts';
import type { Server } from '../../src/server/index.ts';
import { send } from '../conformance/client.ts';
import { chooseSeed } from '../crash/random.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { readDocument, type ApiOperation } from './document.ts';
import { createGenerator } from './generate.ts';
import { describeCoverage, describeFailure, play, shrink, type Played } from './play.ts';
import { createSender, type Sender } from './send.ts';
import { prepareWorld } from './stamp.ts';

/** Set it to the seed that a failed run printed to have the same requests, or to `random` for new ones. */
const SEED_VARIABLE = 'STACKMETER_GENERATED_SEED';
/** The same each time, so that a change is judged by what it changed; new ones are looked for apart. */
const SEED = '20180823';
/** How many requests instead of the usual number. */
const REQUESTS_VARIABLE = 'STACKMETER_GENERATED_REQUESTS';
/** Set it to have the answers of each operation counted. */
const COVERAGE_VARIABLE = 'STACKMETER_GENERATED_COVERAGE';

const REQUESTS = 20_000;
const AT_ONCE = 12;
const MOST_TOLD = 30;
/** Of all operations; some answer with errors only, and some pages come late in a sign-in. */
const LEAST_SUCCESSFUL = 0.7;

describe('requests made from openapi.json are answered as it says, and never with 5xx', () => {
  describe('on a port for all', () => {
    onServer({}, (started) => {
      it('all operations', { timeout: 300_000 }, async (t) => {
        const { operations, played } = await run(t, started(), REQUESTS);
        if (played.requests >= REQUESTS) checkCoverage(operations, played);
      });
    });
  });

  describe('on a port for tenants, beside one for operators', () => {
    onServer({ adminPort: 0 }, (started) => {
      it('those that are there', { timeout: 120_000 }, async (t) => {
        const { operations } = await run(t, started(), REQUESTS / 10);
        const forOperators = operations.filter(({ path }) => /\.Admin\//i.test(path));
        assert.deepEqual(forOperators, []);
      });
    });
  });
});

interface LoggedServer {
  readonly server: Server;
  /** Lines of errors in its log. */
  readonly logged: readonly string[];
}

/** Gives the tests a server without limits of requests. */
function onServer(options: Partial<Config>, tests: (started: () => LoggedServer) => void): void {
  const test = withTestDatabase();
  describe('of a server that runs', () => {
    const logged: string[] = [];
    const lines = new Writable({
      write: (line: Buffer, _encoding, done) => {
        logged.push(line.toString('utf8'));
        done();
      },
    });
    const unlimited = { readBudget: 1_000_000_000, writeBudget: 1_000_000_000, ...options };
    const started = withServer(test, unlimited, createLog({ level: 'error' }, lines));
    tests(() => ({ server: started.server, logged }));
  });
}

interface Run {
  readonly operations: readonly ApiOperation[];
  readonly played: Played;
}

async function run(t: TestContext, { server, logged }: LoggedServer, usual: number): Promise<Run> {
  const wanted = process.env[SEED_VARIABLE] ?? SEED;
  const seed = chooseSeed(wanted === 'random' ? undefined : wanted);
  const requests = Number.parseInt(process.env[REQUESTS_VARIABLE] ?? String(usual), 10);
  t.diagnostic(`${SEED_VARIABLE}=${seed}`);
  const ca = readFileSync(server.caFile, 'utf8');
  const operations = await getOperations(server.baseUrl, ca);
  const { world, callers } = await prepareWorld(server);
  const sender = createSender({ base: server.baseUrl, ca, connections: AT_ONCE });
  t.after(() => sender.close());
  const generate = createGenerator({ operations, world, callers, seed });
  const began = systemClock.monotonicMs();
  const { knowledge } = world;
  const played = await play({ generate, sender, knowledge, requests, atOnce: AT_ONCE });
  const seconds = (systemClock.monotonicMs() - began) / 1000;
  t.diagnostic(`${requests} requests in ${seconds.toFixed(1)} s`);
  await tell(t, sender, played);
  const faults = played.failures.map(({ fault }) => fault);
  assert.deepEqual(faults, [], logged.slice(0, MOST_TOLD).join(''));
  assert.deepEqual(logged, []);
  const { intact } = await verifyAudit(server.database.pool);
  assert.ok(intact, 'the audit trail does not hold together');
  return { operations, played };
}

async function getOperations(base: string, ca: string): Promise<readonly ApiOperation[]> {
  const { body } = await send(ca, { method: 'GET', address: base + OPENAPI_PATH, headers: {} });
  return readDocument(body.toString('utf8'));
}

async function tell(t: TestContext, sender: Sender, played: Played): Promise<void> {
  for (const failure of played.failures.slice(0, MOST_TOLD)) {
    t.diagnostic(describeFailure(failure, await shrink(sender, failure)));
  }
  const isWanted = process.env[COVERAGE_VARIABLE] !== undefined || played.failures.length > 0;
  if (isWanted) for (const line of describeCoverage(played)) t.diagnostic(line);
}

/** A run that never gets anywhere finds nothing. */
function checkCoverage(operations: readonly ApiOperation[], { coverage }: Played): void {
  const reached = operations.filter(({ id }) => coverage.has(id));
  assert.deepEqual(
    operations.filter((operation) => !reached.includes(operation)).map(({ id }) => id),
    [],
    'not reached',
  );
  const successful = reached.filter(({ id }) =>
    [...coverage.get(id)!.keys()].some((status) => status < 400),
  );
  const shown = reached.filter((operation) => !successful.includes(operation)).map(({ id }) => id);
  const part = successful.length / operations.length;
  assert.ok(part >= LEAST_SUCCESSFUL, `never answered without an error: ${shown.join(', ')}`);
}
