import { fail, isGuid, parseSubscriptionId, type SubscriptionId } from '../kernel/index.ts';
import {
  findRegistration,
  findRegistrationByName,
  listRegistrations,
  listReportingPeriods,
  parsePlace,
  putRegistration,
  resourceIdOf,
  statusOf,
  toWireRegistration,
  type Registration,
  type ReportingPeriod,
} from '../commerce/registration/index.ts';
import type { Queryable } from '../platform/index.ts';
import { readRegistrationToken, windowName } from '../reporting/index.ts';
import { parseArgument, readName, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { readFileOrInput } from './files.ts';
import { toJson, toTable, write } from './output.ts';

/** Longer than any token is. */
const MOST_CHARACTERS = 8000;

/** `registration put` */
export async function put(context: Context, values: Arguments): Promise<void> {
  const subscriptionId = readSubscription(values.required('subscription'));
  const resourceGroup = readName('--group', values.optional('group') ?? 'azurestack');
  const text = await readToken(values.required('token'));
  const token = await readRegistrationToken(text, context.clock.now());
  const name = readName('--name', values.optional('name') ?? `AzureStack-${token.cloudId}`);
  const { registration, created, warning } = await withStamp(
    context,
    ({ database, clock, stamp: { homeTenantId } }) =>
      database.transaction((tx) =>
        putRegistration(
          tx,
          { subscriptionId, resourceGroup, name },
          token,
          { homeTenantId, mayRead: () => true, mayWrite: () => true },
          { clock, actor: commandLineActor() },
        ),
      ),
  );
  if (context.json) {
    const wire = toWireRegistration(registration, context.clock.now(), warning);
    await write(context.output.out, toJson({ created, ...wire }));
    return;
  }
  const done = created ? 'is registered' : 'is registered again';
  const lines = [`The stamp ${registration.cloudId} ${done}:`, resourceIdOf(registration), warning];
  await write(
    context.output.out,
    lines.flatMap((line) => (line === undefined ? [] : `${line}\n`)).join(''),
  );
}

async function readToken(path: string): Promise<string> {
  const text = await readFileOrInput('--token', path);
  return text.trim().slice(0, MOST_CHARACTERS + 1);
}

function readSubscription(text: string): SubscriptionId {
  return parseArgument('--subscription', text, parseSubscriptionId, 'it has to be a GUID');
}

/** `registration list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const subscription = values.optional('subscription');
  const filter = {
    subscriptionId: subscription === undefined ? undefined : readSubscription(subscription),
    includeRemoved: values.flag('all'),
  };
  const all = await withStamp(context, ({ database }) => listRegistrations(database.pool, filter));
  const now = context.clock.now();
  const text = context.json
    ? toJson(all.map((one) => toWireRegistration(one, now)))
    : toTable(
        ['REGISTRATION', 'SUBSCRIPTION', 'GROUP', 'STAMP', 'MODEL', 'REPORTING', 'STATUS'],
        all.map((one) => [
          one.name,
          one.subscriptionId,
          one.resourceGroup,
          one.cloudId,
          one.billingModel,
          one.usageReporting ? 'on' : 'off',
          statusOf(one, now),
        ]),
      );
  await write(context.output.out, text);
}

/** `registration show` */
export async function show(context: Context, values: Arguments): Promise<void> {
  const { one, periods } = await withStamp(context, async ({ database }) => {
    const found = await requireRegistration(database.pool, values.operand(0));
    return { one: found, periods: await listReportingPeriods(database.pool, found.number) };
  });
  const now = context.clock.now();
  const wire = { ...toWireRegistration(one, now), periods: periods.map(toWirePeriod) };
  if (context.json) {
    await write(context.output.out, toJson(wire));
    return;
  }
  const lines = [
    ['Resource', resourceIdOf(one)],
    ['Id', one.registrationId],
    ['Stamp', one.cloudId],
    ['Client', one.principalId],
    ['Status', statusOf(one, now)],
    ['Ends', one.expiresAt?.toString() ?? 'never'],
    ['Billing model', one.billingModel],
    ['Reporting', one.usageReporting ? 'on' : 'off'],
    ['Marketplace', one.marketplaceSyndication ? 'on' : 'off'],
  ];
  const told = lines.map(([name, value]) => `${`${name}:`.padEnd(16)}${value}\n`).join('');
  const table = toTable(
    ['FROM', 'NEXT', 'BEGAN', 'ENDED'],
    periods.map((period) => [
      windowName(period.fromWindow),
      windowName(period.nextWindow),
      period.startedAt.toString(),
      period.endedAt === undefined ? '' : `${period.endedAt.toString()} ${period.endReason}`,
    ]),
  );
  await write(context.output.out, periods.length === 0 ? told : `${told}\n${table}`);
}

function toWirePeriod(period: ReportingPeriod): object {
  return {
    fromWindow: windowName(period.fromWindow),
    nextWindow: windowName(period.nextWindow),
    startedAt: period.startedAt.toString(),
    endedAt: period.endedAt?.toString() ?? null,
    endReason: period.endReason ?? null,
  };
}

/**
 * The registration that is meant: by its id, its resource id, or its name when no other has it.
 *
 * @throws NotFound, InvalidProperty for a name that several have
 */
export async function requireRegistration(db: Queryable, text: string): Promise<Registration> {
  const found = await findSome(db, text);
  if (found.length > 1) {
    const rule = 'several registrations have this name, use a resource id';
    throw fail('InvalidProperty', { parameter: 'REGISTRATION', value: text, rule });
  }
  const [one] = found;
  if (one === undefined) throw fail('NotFound', { path: `registration ${text}` });
  return one;
}

async function findSome(db: Queryable, text: string): Promise<Registration[]> {
  if (isGuid(text)) return [await findRegistration(db, text)].flatMap((one) => one ?? []);
  const place = parsePlace(text);
  if (place !== undefined) {
    return [await findRegistrationByName(db, place)].flatMap((one) => one ?? []);
  }
  const all = await listRegistrations(db);
  return all.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
}
