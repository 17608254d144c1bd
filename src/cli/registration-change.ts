import { fail, parseSubscriptionId } from '../kernel/index.ts';
import {
  expireRegistration,
  moveRegistrations,
  removeRegistration,
  resourceIdOf,
  toWireRegistration,
  type Registration,
} from '../commerce/registration/index.ts';
import { parseArgument, readName, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, write } from './output.ts';
import { requireRegistration } from './registration.ts';
import { readTime } from './usage-range.ts';

/** `registration expire` */
export async function expire(context: Context, values: Arguments): Promise<void> {
  const at = values.optional('at');
  if (at !== undefined && values.flag('never')) {
    throw fail('InvalidProperty', { parameter: '--at', value: at, rule: 'it rules out --never' });
  }
  const end = at === undefined ? context.clock.now() : readTime('--at', at);
  const expiresAt = values.flag('never')
    ? undefined
    : end.round({ smallestUnit: 'second', roundingMode: 'floor' });
  const done = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const one = await requireRegistration(tx, values.operand(0));
      return expireRegistration(tx, one, expiresAt, { clock, actor: commandLineActor() });
    }),
  );
  await tell(
    context,
    [done],
    `ends ${expiresAt === undefined ? 'never' : `at ${expiresAt.toString()}`}`,
  );
}

/** `registration move` */
export async function move(context: Context, values: Arguments): Promise<void> {
  const resourceGroup = readName('--group', values.required('group'));
  const to = values.optional('subscription');
  const target =
    to === undefined
      ? undefined
      : parseArgument('--subscription', to, parseSubscriptionId, 'it has to be a GUID');
  const moved = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const changing = { clock, actor: commandLineActor() };
      const done: Registration[] = [];
      for (const text of values.operands) {
        const one = await requireRegistration(tx, text);
        const subscriptionId = target ?? one.subscriptionId;
        done.push(
          ...(await moveRegistrations(tx, [one], { subscriptionId, resourceGroup }, changing)),
        );
      }
      return done;
    }),
  );
  await tell(context, moved, 'is there now');
}

/** `registration remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const removed = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const one = await requireRegistration(tx, values.operand(0));
      const changing = { clock, actor: commandLineActor() };
      if (one.state === 'Removed' || !(await removeRegistration(tx, one, changing))) {
        throw fail('NotFound', { path: `registration ${values.operand(0)}` });
      }
      return one;
    }),
  );
  await tell(context, [removed], 'is removed');
}

async function tell(
  { json, output, clock }: Context,
  all: readonly Registration[],
  what: string,
): Promise<void> {
  const text = json
    ? toJson(all.map((one) => toWireRegistration(one, clock.now())))
    : all.map((one) => `The registration ${resourceIdOf(one)} ${what}.\n`).join('');
  await write(output.out, text);
}
