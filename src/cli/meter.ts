import {
  addOperatorMeter,
  listMeters,
  parseOperatorMeter,
  toWireMeter,
} from '../stamp/meters/index.ts';
import type { Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `meter add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const wanted = parseOperatorMeter({
    id: values.required('id'),
    name: values.required('name'),
    unit: values.required('unit'),
    resourceProvider: values.required('provider'),
    category: values.optional('category'),
  });
  const meter = await withStamp(context, (open) =>
    addOperatorMeter(open, wanted, { clock: open.clock, actor: commandLineActor() }),
  );
  const text = context.json
    ? toJson(toWireMeter(meter))
    : `The meter ${meter.id} (${meter.name}, ${meter.unit}) of ${meter.resourceProvider} is there.\n`;
  await write(context.output.out, text);
}

/** `meter list` */
export async function list(context: Context): Promise<void> {
  const meters = await withStamp(context, ({ database }) => listMeters(database.pool));
  const text = context.json
    ? toJson(meters.map(toWireMeter))
    : toTable(
        ['METER', 'NAME', 'UNIT', 'RESOURCE PROVIDER', 'ORIGIN'],
        meters.map(({ id, name, unit, resourceProvider, origin }) => [
          id,
          name,
          unit,
          resourceProvider,
          origin,
        ]),
      );
  await write(context.output.out, text);
}
