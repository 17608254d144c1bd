import { previewMapping, type MappingPreview } from '../commerce/usage-api/index.ts';
import {
  formatWireTime,
  hourNumber,
  hourStart,
  NumberText,
  parseDirectoryTenantId,
  parseSubscriptionId,
} from '../kernel/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { requireRegistration } from './registration.ts';

const GUID = 'it has to be a GUID';
const DAYS = '30';
const MOST_DAYS = 366;

/** `customer preview` */
export async function preview(context: Context, values: Arguments): Promise<void> {
  const customer = parseArgument('CUSTOMER', values.operand(1), parseSubscriptionId, GUID);
  const tenant = values.optional('tenant');
  const wanted = {
    tenantId:
      tenant === undefined
        ? undefined
        : parseArgument('--tenant', tenant, parseDirectoryTenantId, GUID),
    customerSubscriptionId: customer,
    shared: values.flag('shared'),
    days: readDays(values.optional('days') ?? DAYS),
  };
  const found = await withStamp(context, async ({ database, clock }) => {
    const registration = await requireRegistration(database.pool, values.operand(0));
    return previewMapping(database, { ...wanted, registration }, clock.now());
  });
  await write(context.output.out, context.json ? toJson(toWire(found)) : toText(found));
}

function readDays(text: string): number {
  return parseArgument(
    '--days',
    text,
    (given) => {
      const days = /^[0-9]{1,3}$/.test(given) ? Number.parseInt(given, 10) : 0;
      return days >= 1 && days <= MOST_DAYS ? days : undefined;
    },
    `it has to be a number from 1 to ${MOST_DAYS}`,
  );
}

function timeText(hour: number): string {
  return formatWireTime(hourStart(hourNumber(hour)));
}

function toWire({ fromHour, toHour, registrations, ...found }: MappingPreview): object {
  return {
    ...found,
    reportedFrom: timeText(fromHour),
    reportedTo: timeText(toHour),
    registrations: registrations.map(({ resourceId, usage, ...one }) => ({
      id: resourceId,
      registrationId: one.registrationId,
      presentSubscriptionId: one.presentSubscriptionId,
      futureSubscriptionId: one.futureSubscriptionId,
      usage: usage.map(({ rows, quantity, ...row }) => ({
        ...row,
        rows: new NumberText(String(rows)),
        quantity: new NumberText(quantity),
      })),
    })),
  };
}

function toText({ registrations, fromHour, toHour }: MappingPreview): string {
  const parts = registrations.map((one) => {
    const { presentSubscriptionId: present, futureSubscriptionId: future, usage } = one;
    const says =
      present === future
        ? `stays with ${present}`
        : `goes to ${present}, and would go to ${future}`;
    const table = toTable(
      ['BOOKED ON', 'METER', 'NAME', 'ROWS', 'QUANTITY', 'UNIT'],
      usage.map((row) => [
        row.subscriptionId,
        row.meterId,
        row.meterName,
        String(row.rows),
        row.quantity,
        row.unit,
      ]),
    );
    const range = `Reported from ${timeText(fromHour)} to ${timeText(toHour)}:`;
    const booked = usage.length === 0 ? 'Nothing came in.\n' : `${range}\n${table}`;
    return `Usage that comes by ${one.resourceId}\n${says}. ${booked}`;
  });
  return parts.join('\n');
}
