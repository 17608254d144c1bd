import { join } from 'node:path';
import { isJsonObject } from '../kernel/index.ts';
import type { Clock, Database } from '../platform/index.ts';
import { PRIVATE_FILE, readIfPresent, replaceFile } from '../platform/index.ts';
import { SYSTEM } from '../audit/index.ts';
import { addClient, findPrincipal } from '../identity/index.ts';
import type { Stamp } from './stamp.ts';

/** The operator's own credential, made at the first start and kept in the data folder for nobody else to read. */
export interface OperatorClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
}

function fileOf(data: string): string {
  return join(data, 'operator.json');
}

/** The operator's credential, if one was made in this data folder. */
export async function readOperatorClient(data: string): Promise<OperatorClient | undefined> {
  const text = await readIfPresent(fileOf(data));
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) return undefined;
  const { clientId, clientSecret, tenantId } = value;
  if (typeof clientId !== 'string' || typeof clientSecret !== 'string') return undefined;
  return typeof tenantId === 'string' ? { clientId, clientSecret, tenantId } : undefined;
}

/** Makes the operator's credential unless the folder has one that the database knows. */
export async function ensureOperatorClient(
  options: { data: string; database: Database; clock: Clock },
  stamp: Stamp,
): Promise<OperatorClient> {
  const { data, database, clock } = options;
  const known = await readOperatorClient(data);
  if (known !== undefined && (await isKnown(database, known.clientId))) return known;
  const client = await database.transaction((tx) =>
    addClient(
      tx,
      { name: 'operator', role: 'Operator', scope: '/' },
      { clock, homeTenantId: stamp.homeTenantId, actor: SYSTEM },
    ),
  );
  await replaceFile(fileOf(data), `${JSON.stringify(client, null, 2)}\n`, PRIVATE_FILE);
  return client;
}

async function isKnown(database: Database, clientId: string): Promise<boolean> {
  const known = await findPrincipal(database.pool, clientId);
  return known !== undefined && known.disabledAt === undefined;
}
