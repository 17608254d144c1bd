import {
  listMail,
  mailStates,
  replayMail,
  toWireMail,
  type MailReplay,
} from '../commerce/mail/index.ts';
import { parseWireTime } from '../kernel/index.ts';
import { invalidProperty } from '../platform/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { readWhole } from './webhook.ts';

/** `mail list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const limit = readWhole('--limit', values.required('limit'), 1, 1000);
  const wanted = values.optional('state');
  const state = mailStates.find((one) => one === wanted);
  const who = values.optional('account');
  const all = await withStamp(context, async (open) => {
    const accountId =
      who === undefined ? undefined : requireAccount(await readAccounts(open), who).accountId;
    return listMail(open.database.pool, { state, accountId, limit });
  });
  const text = context.json
    ? toJson(all.map(toWireMail))
    : toTable(
        ['MESSAGE', 'TO', 'SUBJECT', 'HAPPENED', 'STATE', 'ATTEMPTS', 'NEXT ATTEMPT', 'PROBLEM'],
        all.map((one) => [
          one.messageId,
          one.recipient,
          one.subject,
          one.occurredAt.toString(),
          one.state,
          String(one.attempts),
          one.nextAttemptAt?.toString() ?? '',
          one.lastProblem ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `mail replay` */
export async function replay(context: Context, values: Arguments): Promise<void> {
  const which = readReplay(values);
  const count = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) => replayMail(tx, which, clock.now())),
  );
  const text = context.json
    ? toJson({ messages: count })
    : `${count} ${count === 1 ? 'e-mail is' : 'e-mails are'} due again; the server sends what is due.\n`;
  await write(context.output.out, text);
}

function readReplay(values: Arguments): MailReplay {
  const messageId = values.optional('message');
  const since = values.optional('since');
  const ways: MailReplay[] = [];
  if (messageId !== undefined) ways.push({ messageId });
  if (since !== undefined) {
    const rule = 'it is a time in UTC, like 2026-11-01T00:00:00Z';
    ways.push({ since: parseArgument('--since', since, parseWireTime, rule) });
  }
  if (values.flag('dead')) ways.push({ dead: true });
  const [only, ...others] = ways;
  if (only !== undefined && others.length === 0) return only;
  throw invalidProperty('replay', '', 'give one of --message, --since and --dead');
}
