import { moveSubscriptions } from '../stamp/directory/index.ts';
import type { Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context } from './context.ts';
import { toJson, write } from './output.ts';
import { readOffer } from './subscription.ts';
import { readSubscriptionId } from './usage-range.ts';

/** `subscription move` */
export async function move(
  { json, output, ...context }: Context,
  values: Arguments,
): Promise<void> {
  const ids = values.operands.map((text) => readSubscriptionId('ID', text));
  const given = values.optional('providerSubscription');
  const parent =
    given === undefined ? undefined : readSubscriptionId('--provider-subscription', given);
  const provider = await withStamp({ json, output, ...context }, ({ database, clock, stamp }) =>
    database.transaction(async (tx) => {
      const root = stamp.defaultProviderSubscriptionId;
      const target = parent ?? root;
      const offer = await readOffer(tx, target, values.optional('offer'));
      const mover = { provider: root, clock, actor: commandLineActor() };
      await moveSubscriptions(tx, ids, { provider: target, offer }, mover);
      return target;
    }),
  );
  const moved = { provider, subscriptions: ids };
  await write(
    output.out,
    json ? toJson(moved) : ids.map((id) => `${id} is under ${provider}.\n`).join(''),
  );
}
