import { fail } from '../kernel/index.ts';
import { addPlan, findPlan, listPlans, removePlan, type Plan } from '../stamp/directory/index.ts';
import { readName, readText, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `plan list` */
export async function list(context: Context): Promise<void> {
  const all = await withStamp(context, ({ database }) => listPlans(database.pool));
  const text = context.json
    ? toJson(all.map(toWire))
    : toTable(
        ['PLAN', 'NAME', 'SUBSCRIPTIONS', 'QUOTAS'],
        all.map(({ name, displayName, subscriptionCount, quotaIds }) => [
          name,
          displayName,
          String(subscriptionCount),
          quotaIds.join(', '),
        ]),
      );
  await write(context.output.out, text);
}

/** `plan add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const name = readName('NAME', values.operand(0));
  const group = values.optional('resourceGroup') ?? `system.${context.config.region}`;
  const wanted = {
    resourceGroup: readName('--resource-group', group),
    name,
    displayName: readText('--name', values.optional('name') ?? name),
    description: values.optional('description') ?? '',
    externalReferenceId: '',
    location: undefined,
    quotaIds: values.list('quota') ?? [],
  };
  const made = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) => addPlan(tx, wanted, { clock, actor: commandLineActor() })),
  );
  await tell(context, made, 'is there');
}

/** `plan remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const name = values.operand(0);
  const removed = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const plan = await findPlan(tx, name);
      if (plan === undefined) throw fail('NotFound', { path: `plan ${name}` });
      await removePlan(tx, plan, { clock, actor: commandLineActor() });
      return plan;
    }),
  );
  await tell(context, removed, 'is removed');
}

async function tell({ json, output }: Context, plan: Plan, what: string): Promise<void> {
  await write(output.out, json ? toJson(toWire(plan)) : `The plan ${plan.name} ${what}.\n`);
}

function toWire(plan: Plan): object {
  const { name, displayName, description, resourceGroup, subscriptionCount, quotaIds } = plan;
  return { name, displayName, description, resourceGroup, subscriptionCount, quotaIds };
}
