import {
  repeating,
  type Clock,
  type Database,
  type Log,
  type Repeating,
} from '../../platform/index.ts';
import { deliverMail } from './deliver.ts';
import { readMailServer, type MailConfig } from './mail-server.ts';

const LOOK_EVERY_MS = 10_000;

/**
 * Sends mail while a server runs. What is under way when it stops is sent again later.
 *
 * @throws ConfigurationInvalid when the mail server or the sender cannot be used
 */
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
}): Repeating {
  const server = readMailServer(config);
  const sending = repeating({
    clock,
    everyMs: LOOK_EVERY_MS,
    work: async (signal) => {
      const report = await deliverMail({ database, clock, server, signal });
      if (report.failed > 0) log.warn({ ...report }, 'not all e-mail was taken; see mail list');
    },
    failed: (err) => log.warn({ err }, 'e-mail could not be sent; trying again'),
  });
  return {
    ...sending,
    start: () => {
      if (server === undefined) log.info('no mail server is configured; e-mail waits');
      sending.start();
    },
  };
}
