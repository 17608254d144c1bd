import type { Database } from '../../platform/index.ts';
import { readAccountTree } from '../../commerce/accounts/index.ts';
import { hourText, type AdapterDefinition } from './adapter.ts';
import { factsOf } from './event.ts';
import { adaptersByKind } from './kinds/index.ts';
import { previewUsage } from './usage-store.ts';

/**
 * What would be sent for a reported hour, by the mapping as it is; nothing is, and nothing is noted.
 *
 * @param window hours since 1970
 */
export async function dryRun(
  database: Database,
  one: AdapterDefinition,
  window: number,
): Promise<Readonly<Record<string, unknown>>> {
  const { contentOf } = adaptersByKind[one.kind];
  const { events, held, isCut } = await database.transaction(async (tx) =>
    previewUsage(tx, one, await readAccountTree(tx), window),
  );
  return {
    window: hourText(window),
    events: events.map(contentOf),
    held: held.map(factsOf),
    more: isCut,
  };
}
