import type { Clock, Database } from '../../platform/index.ts';
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
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  one: AdapterDefinition,
  window: number,
): Promise<Readonly<Record<string, unknown>>> {
  const { contentOf, unfit } = adaptersByKind[one.kind];
  const { events, held, isCut } = await database.transaction(async (tx) =>
    previewUsage(tx, one, await readAccountTree(tx), window),
  );
  const now = clock.now();
  const judged = events.map((event) => ({ event, reason: unfit?.(event, one, now) }));
  return {
    window: hourText(window),
    events: judged
      .filter(({ reason }) => reason === undefined)
      .map(({ event }) => contentOf(event, one)),
    unfit: judged.flatMap(({ event, reason }) =>
      reason === undefined ? [] : [{ ...factsOf(event), reason }],
    ),
    held: held.map(factsOf),
    more: isCut,
  };
}
