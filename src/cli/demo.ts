import type { Server } from '../server/index.ts';
import {
  emitLive,
  firstLook,
  invoiceHistory,
  setUpDemo,
  type DemoPerson,
  type DemoStamp,
  type DemoState,
  type DemoTools,
  type FirstLook,
} from '../demo/index.ts';
import { quietLog, type Context } from './context.ts';
import { write } from './output.ts';
import { createProgress } from './progress.ts';
import { runServer, shellWord } from './serve.ts';

/**
 * The server with a simulated stamp behind it: customers, resources, some months of closed history made at the first
 * start, and from then on records that come in through the public intake as time goes by.
 */
export async function demo(context: Context): Promise<void> {
  const quiet = { ...context, log: quietLog(context) };
  await write(
    context.output.out,
    'Stackmeter demo: starting the server and a simulated stamp...\n',
  );
  await runServer(quiet, async (server, stopping) => {
    try {
      await present(quiet, server, stopping);
    } catch (error) {
      if (!stopping.aborted) throw error;
    }
  });
}

async function present(context: Context, server: Server, stopping: AbortSignal): Promise<void> {
  const { config, clock, log, output } = context;
  const tools: DemoTools = { server, clock, data: config.data, region: config.region };
  const { stamp, state } = await makeHistory(context, tools, stopping);
  emitLive(tools, stamp, state, log, stopping).catch((err: unknown) => {
    if (!stopping.aborted) log.error({ err }, 'the simulated providers stopped');
  });
  invoiceHistory(tools, stamp, log, stopping).catch((err: unknown) => {
    if (!stopping.aborted) log.error({ err }, 'the history was not invoiced');
  });
  await write(
    output.out,
    welcome(context, server, { stamp, people: state.people }, await firstLook(server)),
  );
}

async function makeHistory(
  { output, clock }: Context,
  tools: DemoTools,
  stopping: AbortSignal,
): Promise<{ readonly stamp: DemoStamp; readonly state: DemoState }> {
  const started = clock.monotonicMs();
  const progress = createProgress(output, clock);
  const { stamp, state, records } = await setUpDemo(tools, (share) => {
    // Stopped in the middle, the next start goes on: what is in already counts as there.
    stopping.throwIfAborted();
    progress.update(share, 'making months of history, once');
  }).finally(() => progress.end());
  if (records !== undefined) {
    const days = Math.round((stamp.firstHour - stamp.simulated.startHour) / 24);
    const seconds = Math.round((clock.monotonicMs() - started) / 1000);
    await write(
      output.out,
      `Made and closed ${days} days of history: ${records.toLocaleString('en')} records in ${seconds} s.\n`,
    );
  }
  return { stamp, state };
}

function welcome(
  context: Context,
  server: Server,
  { stamp, people }: { readonly stamp: DemoStamp; readonly people: readonly DemoPerson[] },
  look: FirstLook | undefined,
): string {
  const { data } = context.config;
  const here = `--data ${shellWord(data)}`;
  const customers = stamp.customers.length;
  return `
Stackmeter is running with a simulated stamp: ${customers} subscriptions in three customer directories. The stamp is
registered with commerce by a partner, two of the directories are mapped to subscriptions of their own, and everybody is
billed: by the operator, and by the partner.

  Portal         ${server.baseUrl}/portal/
${signIns(people)}
  Address        ${server.baseUrl}
  Interfaces     ${server.baseUrl}/api/v1/openapi.json
  Metrics        ${server.baseUrl}/metrics
  Certificates   signed by ${server.caFile}
  Data           ${data}
${look === undefined ? '' : shown(look)}
Try first, in another terminal:

  ./bin/stackmeter connect ${here}          addresses, credentials, ready az and curl commands
  ./bin/stackmeter subscription list ${here}
  ./bin/stackmeter window list ${here}
  ./bin/stackmeter window verify ${here}    closed windows computed anew and compared
  ./bin/stackmeter reconcile ${here}        what was used beside what was reported, and why they differ
  ./bin/stackmeter registration list ${here}
  ./bin/stackmeter account tree ${here}      who is billed, and below whom
  ./bin/stackmeter invoice list ${here}      two months invoiced, once all is reported; the last is in review

Stop with Ctrl-C; the next start takes seconds.
`;
}

/** Who can sign in. The certificate is the server's own, so that browsers ask once. */
function signIns(people: readonly DemoPerson[]): string {
  const widest = Math.max(0, ...people.map(({ userName }) => userName.length));
  return people
    .map(
      ({ userName, password, part }) =>
        `    ${userName.padEnd(widest)}  password ${password}\n      ${part}\n`,
    )
    .join('');
}

function shown({ url, rows, more }: FirstLook): string {
  return `
What the last closed day looks like to the operator:

  GET ${url}

${rows.map((row) => `  ${JSON.stringify(row)}`).join('\n')}
  ${more ? '... and more, by nextLink' : ''}
`;
}
