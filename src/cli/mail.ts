import { listMail, mailStates, replayMail, toWireMail } from '../commerce/mail/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import { readWhole, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { readReplay, tellReplayed, toMessageTable } from './messages.ts';
import { toJson, write } from './output.ts';

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
    : toMessageTable(all, { TO: ({ recipient }) => recipient, SUBJECT: ({ subject }) => subject });
  await write(context.output.out, text);
}

/** `mail replay` */
export async function replay(context: Context, values: Arguments): Promise<void> {
  const which = readReplay(values);
  const count = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) => replayMail(tx, which, { clock, actor: commandLineActor() })),
  );
  await tellReplayed(context, count, 'e-mail');
}
