import { fail, parseSubscriptionId } from '../kernel/index.ts';
import {
  expireRegistration,
  findRegistration,
  listReportingPeriods,
  moveRegistrations,
  removeRegistration,
  resourceIdOf,
  toWireRegistration,
  type Registration,
} from '../commerce/registration/index.ts';
import { windowName } from '../reporting/index.ts';
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
  const what = `ends ${expiresAt === undefined ? 'never' : `at ${expiresAt.toString()}`}`;
  const text = context.json
    ? toJson(toWireRegistration(done, context.clock.now()))
    : wordsOf(done, what);
  await write(context.output.out, text);
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
  const text = context.json
    ? toJson(moved.map((one) => toWireRegistration(one, context.clock.now())))
    : moved.map((one) => wordsOf(one, 'is there now')).join('');
  await write(context.output.out, text);
}

/** `registration remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const { one, periods } = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const found = await requireRegistration(tx, values.operand(0));
      const changing = { clock, actor: commandLineActor() };
      if (found.state === 'Removed' || !(await removeRegistration(tx, found, changing))) {
        throw fail('NotFound', { path: `registration ${values.operand(0)}` });
      }
      return {
        one: (await findRegistration(tx, found.registrationId)) ?? found,
        periods: await listReportingPeriods(tx, found.number),
      };
    }),
  );
  const ended = periods.find(({ endReason }) => endReason === 'Removed');
  const next = ended === undefined ? null : windowName(ended.nextWindow);
  const { json, output, clock } = context;
  const none = periods.length === 0 ? 'It reported no usage.' : 'Its reporting had ended before.';
  const left =
    next === null
      ? none
      : `Usage from the window ${next} on stays on the stamp and is not reported.`;
  const text = json
    ? toJson({ ...toWireRegistration(one, clock.now()), nextWindow: next })
    : `${wordsOf(one, 'is removed')}${left}\n`;
  await write(output.out, text);
}

function wordsOf(one: Registration, what: string): string {
  return `The registration ${resourceIdOf(one)} ${what}.\n`;
}
