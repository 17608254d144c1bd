import { startServer, type Server } from '../server/index.ts';
import type { Context } from './context.ts';
import { toJson, write } from './output.ts';

/** `serve`: runs the server until it is told to stop. */
export async function serve(context: Context): Promise<void> {
  await runServer(context, async (server) => {
    const { baseUrl, caFile } = server;
    const text = context.json
      ? toJson({ baseUrl, caFile, pid: process.pid })
      : [
          `Stackmeter answers at ${baseUrl}`,
          `  CA file: ${caFile}`,
          `  How to connect: ${connectCommand(context)}`,
          '  Stop with Ctrl-C.',
          '',
        ].join('\n');
    await write(context.output.out, text);
  });
}

/** The command that tells how to connect to the server of this context. */
export function connectCommand({ config }: Context): string {
  return `stackmeter connect --data ${shellWord(config.data)}`;
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const FORCED = 130;

/** Ctrl-C under npm comes twice at once, from the terminal and from npm: that is one wish to stop, not two. */
const SAME_WISH_MS = 1000;

/**
 * Starts the server, calls `started`, and returns once SIGINT or SIGTERM came and everything is stopped in order.
 * A second signal ends the process at once.
 *
 * @param started given the server and a signal that is aborted when it is to stop
 */
export async function runServer(
  { config, clock, log }: Context,
  started: (server: Server, stopping: AbortSignal) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const told = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let since = 0;
  const onSignal = (): void => {
    if (!stopping.signal.aborted) {
      since = clock.monotonicMs();
      stopping.abort();
    } else if (clock.monotonicMs() - since > SAME_WISH_MS) process.exit(FORCED);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const server = await startServer({ config, clock, log });
    try {
      if (!stopping.signal.aborted) await started(server, stopping.signal);
      await told;
    } finally {
      await server.close();
    }
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
