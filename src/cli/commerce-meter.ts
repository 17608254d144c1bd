import {
  listCommerceMeters,
  listCommerceMeterVersions,
  setCommerceMeter,
  toWireCommerceMeter,
  type CommerceMeter,
} from '../commerce/reported-usage/index.ts';
import { parseMeterId } from '../kernel/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `commerce-meter list` */
export async function list(context: Context): Promise<void> {
  const meters = await withStamp(context, ({ database }) => listCommerceMeters(database.pool));
  await write(context.output.out, tell(context, meters));
}

/** `commerce-meter history` */
export async function history(context: Context, values: Arguments): Promise<void> {
  const rule = 'it has 1 to 128 printable characters';
  const id = parseArgument('ID', values.operand(0), parseMeterId, rule);
  const versions = await withStamp(context, ({ database }) =>
    listCommerceMeterVersions(database.pool, id),
  );
  await write(context.output.out, tell(context, versions));
}

/** `commerce-meter set` */
export async function set(context: Context, values: Arguments): Promise<void> {
  const paid = values.optional('paid');
  const change = {
    localMeterId: values.required('meter'),
    commerceMeterId: values.optional('commerceMeter'),
    name: values.optional('name'),
    category: values.optional('category'),
    subCategory: values.optional('subCategory'),
    region: values.optional('region'),
    unit: values.optional('unit'),
    paid: paid === undefined ? undefined : paid === 'yes',
  };
  const meter = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) =>
      setCommerceMeter(tx, change, { clock, actor: commandLineActor() }),
    ),
  );
  const text = context.json
    ? toJson(toWireCommerceMeter(meter))
    : `Version ${meter.version} of ${meter.localMeterId} is in force: ${meter.name}, ${meter.paid ? 'paid' : 'not paid'}.\n`;
  await write(context.output.out, text);
}

function tell({ json }: Context, meters: readonly CommerceMeter[]): string {
  if (json) return toJson(meters.map(toWireCommerceMeter));
  return toTable(
    ['METER', 'VERSION', 'NAME', 'CATEGORY', 'SUBCATEGORY', 'UNIT', 'PAID', 'ORIGIN'],
    meters.map((meter) => [
      meter.localMeterId,
      String(meter.version),
      meter.name,
      meter.category,
      meter.subCategory,
      meter.unit,
      meter.paid ? 'yes' : 'no',
      meter.origin,
    ]),
  );
}
