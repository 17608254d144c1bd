import type { Replay } from '../commerce/mail/index.ts';
import { parseWireTime, type Instant } from '../kernel/index.ts';
import { invalidProperty } from '../platform/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import type { Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** What was sent, or waits: by webhook or by mail. */
interface Message {
  readonly messageId: string;
  readonly occurredAt: Instant;
  readonly state: string;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly lastProblem: string | null;
}

/** Messages as a table. @param about what else there is to see of one, by the heading of its column */
export function toMessageTable<T extends Message>(
  all: readonly T[],
  about: Readonly<Record<string, (message: T) => string>>,
): string {
  return toTable(
    ['MESSAGE', ...Object.keys(about), 'HAPPENED', 'STATE', 'ATTEMPTS', 'NEXT ATTEMPT', 'PROBLEM'],
    all.map((one) => [
      one.messageId,
      ...Object.values(about).map((textOf) => textOf(one)),
      one.occurredAt.toString(),
      one.state,
      String(one.attempts),
      one.nextAttemptAt?.toString() ?? '',
      one.lastProblem ?? '',
    ]),
  );
}

/** Which messages are sent again. @throws InvalidProperty unless one way of saying so is given */
export function readReplay(values: Arguments): Replay {
  const messageId = values.optional('message');
  const since = values.optional('since');
  const ways: Replay[] = [];
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

/** Says how many messages are sent again. */
export async function tellReplayed(
  context: Context,
  messages: number,
  noun: string,
): Promise<void> {
  const said = `${messages} ${noun}${messages === 1 ? ' is' : 's are'} due again; the server sends what is due.\n`;
  await write(context.output.out, context.json ? toJson({ messages }) : said);
}
