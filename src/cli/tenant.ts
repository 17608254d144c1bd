import { randomUUID } from 'node:crypto';
import { fail, parseDirectoryTenantId } from '../kernel/index.ts';
import {
  findDirectoryTenant,
  listDirectoryTenants,
  putDirectoryTenant,
  removeDirectoryTenant,
  type DirectoryTenant,
} from '../stamp/directory/index.ts';
import { parseArgument, readName, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';

/** `tenant list` */
export async function list(context: Context): Promise<void> {
  const all = await withStamp(context, ({ database }) => listDirectoryTenants(database.pool));
  const text = context.json
    ? toJson(all.map((tenant) => toWire(tenant, context)))
    : toTable(
        ['TENANT', 'NAME'],
        all.map(({ tenantId, name }) => [tenantId, name]),
      );
  await write(context.output.out, text);
}

/** `tenant add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const tenant = {
    name: readName('NAME', values.operand(0)),
    tenantId: parseArgument(
      '--id',
      values.optional('id') ?? randomUUID(),
      parseDirectoryTenantId,
      'it has to be a GUID',
    ),
  };
  const done = await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) =>
      putDirectoryTenant(tx, tenant, { clock, actor: commandLineActor() }),
    ),
  );
  await tell(context, done.tenant, `is there, with the id ${tenant.tenantId}`);
}

/** `tenant remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const name = values.operand(0);
  const removed = await withStamp(context, ({ database, clock }) =>
    database.transaction(async (tx) => {
      const tenant = await findDirectoryTenant(tx, { name });
      if (tenant === undefined) throw fail('NotFound', { path: `directory tenant ${name}` });
      await removeDirectoryTenant(tx, tenant, { clock, actor: commandLineActor() });
      return tenant;
    }),
  );
  await tell(context, removed, 'is forgotten');
}

async function tell(context: Context, tenant: DirectoryTenant, what: string): Promise<void> {
  const { json, output } = context;
  const text = json
    ? toJson(toWire(tenant, context))
    : `The directory tenant ${tenant.name} ${what}.\n`;
  await write(output.out, text);
}

function toWire(tenant: DirectoryTenant, { config }: Context): object {
  return {
    tenantId: tenant.tenantId,
    name: tenant.name,
    resourceGroup: tenant.resourceGroup ?? `system.${config.region}`,
    location: tenant.location ?? config.region,
  };
}
