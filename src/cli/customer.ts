import {
  fail,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../kernel/index.ts';
import {
  listCustomers,
  putCustomerMapping,
  removeCustomerMapping,
  type CustomerMapping,
  type CustomerResource,
} from '../commerce/registration/index.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { requireRegistration } from './registration.ts';
import { readTime } from './usage-range.ts';

const GUID = 'it has to be a GUID';

/** `customer map` */
export async function map(context: Context, values: Arguments): Promise<void> {
  const tenant = values.optional('tenant');
  const from = values.optional('from');
  const wanted = {
    customerSubscriptionId: readCustomer(values),
    tenantId:
      tenant === undefined
        ? undefined
        : parseArgument('--tenant', tenant, parseDirectoryTenantId, GUID),
    effectiveFrom: from === undefined ? undefined : readTime('--from', from),
    shared: values.flag('shared'),
  };
  const done = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const registration = await requireRegistration(tx, values.operand(0));
      const changing = { clock, actor: commandLineActor() };
      return putCustomerMapping(tx, registration, wanted, changing);
    }),
  );
  const { tenantId, customerSubscriptionId, effectiveFrom } = done;
  const text = context.json
    ? toJson(toWire(done))
    : `The usage of the directory ${tenantId} goes to ${customerSubscriptionId} from ${effectiveFrom.toString()} on.\n`;
  await write(context.output.out, text);
}

/** `customer list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const all = await withStamp(context, async ({ database, clock }) => {
    const registration = await requireRegistration(database.pool, values.operand(0));
    return (await listCustomers(database.pool, registration, clock.now())).flat();
  });
  const rows = all.flatMap(({ present, ...one }): MappingRow[] => {
    const { inheritedFrom } = one;
    return present === undefined ? [one] : [{ ...present, inheritedFrom }, one];
  });
  const text = context.json
    ? toJson(all.map(toWire))
    : toTable(
        ['CUSTOMER', 'TENANT', 'VERSION', 'SHARED', 'FROM', 'TO', 'OF REGISTRATION'],
        rows.map((one) => [
          one.customerSubscriptionId,
          one.tenantId,
          String(one.version),
          one.shared ? 'shared' : '',
          one.effectiveFrom.toString(),
          one.effectiveTo?.toString() ?? '',
          one.inheritedFrom ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `customer remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const customerSubscriptionId = readCustomer(values);
  await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const registration = await requireRegistration(tx, values.operand(0));
      const changing = { clock, actor: commandLineActor() };
      if (await removeCustomerMapping(tx, registration, customerSubscriptionId, changing)) return;
      const { name } = registration;
      throw fail('CustomerSubscriptionNotFound', { name, customerSubscriptionId });
    }),
  );
  const text = context.json
    ? toJson({ customerSubscriptionId })
    : `The customer subscription ${customerSubscriptionId} is not mapped any more.\n`;
  await write(context.output.out, text);
}

function readCustomer(values: Arguments): SubscriptionId {
  return parseArgument('CUSTOMER', values.operand(1), parseSubscriptionId, GUID);
}

type MappingRow = CustomerMapping & Pick<CustomerResource, 'inheritedFrom'>;

function toWire(one: CustomerResource): object {
  const { present, inheritedFrom } = one;
  return {
    ...toWireMapping(one),
    ...(inheritedFrom !== undefined && { inheritedFrom }),
    ...(present && { present: toWireMapping(present) }),
  };
}

function toWireMapping(one: CustomerMapping): object {
  return {
    customerSubscriptionId: one.customerSubscriptionId,
    tenantId: one.tenantId,
    version: one.version,
    shared: one.shared,
    effectiveFrom: one.effectiveFrom.toString(),
    effectiveTo: one.effectiveTo?.toString() ?? null,
  };
}
