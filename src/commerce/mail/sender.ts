import type { Clock, Database, Log } from '../../platform/index.ts';
import { deliverMail } from './deliver.ts';
import { readMailServer, type MailConfig } from './mail-server.ts';

/** Sends mail while a server runs. */
export interface MailSender {
  start(): void;
  /** Looks at once whether something is due. */
  wake(): void;
  /** Ends what is under way; it is sent again later. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 10_000;

/** @throws ConfigurationInvalid when the mail server or the sender cannot be used */
export function createMailSender({
  database,
  clock,
  log,
  config,
}: {
  readonly database: Pick<Database, 'pool'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: MailConfig;
}): MailSender {
  const server = readMailServer(config);
  const stopped = new AbortController();
  let woken = new AbortController();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      try {
        const report = await deliverMail({ database, clock, server, signal: stopped.signal });
        if (report.failed > 0) log.warn({ ...report }, 'not all e-mail was taken; see mail list');
      } catch (err) {
        log.warn({ err }, 'e-mail could not be sent; trying again');
      }
      const either = AbortSignal.any([stopped.signal, woken.signal]);
      await clock.sleep(LOOK_EVERY_MS, either).catch(() => undefined);
    }
  };
  return {
    start: () => {
      if (server === undefined) log.info('no mail server is configured; e-mail waits');
      running ??= run();
    },
    wake: () => woken.abort(),
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
