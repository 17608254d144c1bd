import { randomUUID } from 'node:crypto';
import type { Instant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import type { AccountTree } from '../../commerce/accounts/index.ts';
import { hourText, type AdapterDefinition } from './adapter.ts';
import { adaptersByKind } from './kinds/index.ts';
import { usageEvents } from './usage-store.ts';

/** Windows without usage that are passed over in one transaction. */
const MOST_EMPTY = 500;

/**
 * Puts the events of the next windows down, up to the first window that has some: the earliest accepted one that the
 * adapter has not had. From then on they wait, with the content that they have.
 *
 * @returns whether there may be more to do
 */
export async function openNextWindow(
  tx: Tx,
  one: AdapterDefinition,
  tree: AccountTree,
  now: Instant,
): Promise<boolean> {
  await tx.query(`set local statement_timeout = '120s'`);
  for (let passed = 0; passed < MOST_EMPTY; passed++) {
    const next = await nextWindow(tx, one);
    if (next === undefined) return passed > 0;
    const { registration, window } = next;
    await tx.query(
      `insert into adapter_progress (adapter_id, registration_number, last_window) values ($1, $2, $3)
       on conflict (adapter_id, registration_number) do update set last_window = excluded.last_window`,
      [one.adapterId, registration, window],
    );
    if (await putDown(tx, one, tree, registration, window, now)) return true;
  }
  return true;
}

interface NextWindow {
  readonly registration: number;
  readonly window: number;
}

/** For each registration a step in a primary key. */
async function nextWindow(
  tx: Queryable,
  { adapterId, startHour }: AdapterDefinition,
): Promise<NextWindow | undefined> {
  const { rows } = await tx.query<NextWindow>({
    name: 'adapter-next-window',
    text: `select r.registration_number as registration, w.reported_hour as window
           from registration r
           left join adapter_progress p on p.adapter_id = $1 and p.registration_number = r.registration_number
           cross join lateral (
             select reported_hour from received_window
             where registration_number = r.registration_number and reported_hour > coalesce(p.last_window, $2 - 1)
             order by reported_hour limit 1
           ) w
           order by w.reported_hour, r.registration_number limit 1`,
    values: [adapterId, startHour],
  });
  return rows[0];
}

/** @returns whether the window has events */
async function putDown(
  tx: Queryable,
  one: AdapterDefinition,
  tree: AccountTree,
  registration: number,
  window: number,
  now: Instant,
): Promise<boolean> {
  const { text, values } = usageEvents(one, tree, window, registration);
  const needsNames = String(adaptersByKind[one.kind].needsNames);
  const { rows } = await tx.query<{ events: number }>(
    `with found as materialized (${text}),
     opened as (
       insert into adapter_window (window_id, adapter_id, registration_number, reported_hour, state, events, sums,
                                   opened_at)
       select $8, $7::uuid, $4, $3, 'Sending', (select count(*) from found), coalesce(jsonb_object_agg(meter, total), '{}'),
              $9
       from (select meter_id || ' ' || unit as meter, trim_scale(sum(quantity))::text as total
             from found group by meter_id, unit) sums
       having count(*) > 0
       returning window_id, events)
     , kept as (insert into adapter_event (event_id, window_id, adapter_id, state, account_id, customer_subscription_id,
                                subscription_id, meter_id, meter_name, unit, quantity, usage_from, usage_to, code,
                                customer)
       select event_id::uuid, window_id, $7::uuid,
              case when ${needsNames} and (code is null or customer is null) then 'Held' else 'Pending' end, account_id,
              customer_subscription_id, subscription_id, meter_id, meter_name, unit, quantity, usage_from, usage_to,
              code, customer
       from found cross join opened)
     select events from opened`,
    [...values, randomUUID(), now.toString()],
  );
  return rows.length > 0;
}

/** A window of which events wait. */
export interface OpenWindow {
  readonly windowId: string;
  readonly registrationId: string;
  readonly window: number;
  readonly taken: number;
}

export async function firstOpenWindow(
  db: Queryable,
  adapterId: string,
): Promise<OpenWindow | undefined> {
  const { rows } = await db.query<OpenWindow>(
    `select w.window_id as "windowId", r.registration_id as "registrationId", w.reported_hour as window,
            w.delivered as taken
     from adapter_window w join registration r using (registration_number)
     where w.adapter_id = $1 and w.state = 'Sending'
     order by w.reported_hour, w.registration_number limit 1`,
    [adapterId],
  );
  return rows[0];
}

/** What was delivered of a window. */
export interface Delivery {
  readonly id: string;
  readonly registration: string;
  readonly window: number;
  readonly state: 'Sending' | 'Delivered';
  readonly events: number;
  readonly delivered: number;
  readonly sums: Readonly<Record<string, string>>;
  readonly held: number;
  readonly dead: number;
  readonly delivered_at: Instant | null;
}

/** Windows that had something to send, the latest first. @param after id of the last of the page before */
export async function listDeliveries(
  db: Queryable,
  adapterId: string,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<Delivery[]> {
  const { rows } = await db.query<Delivery>(
    `select w.window_id as id, r.registration_id as registration, w.reported_hour as window, w.state, w.events,
            w.delivered, w.sums, w.delivered_at,
            (select count(*)::int from adapter_event e where e.window_id = w.window_id and e.state = 'Held') as held,
            (select count(*)::int from adapter_event e where e.window_id = w.window_id and e.state = 'Dead') as dead
     from adapter_window w join registration r using (registration_number)
     where w.adapter_id = $1 and ($2::uuid is null or (w.reported_hour, w.registration_number) <
       (select reported_hour, registration_number from adapter_window where window_id = $2 and adapter_id = $1))
     order by w.reported_hour desc, w.registration_number desc limit $3`,
    [adapterId, after ?? null, limit],
  );
  return rows;
}

export function toWireDelivery(one: Delivery): Readonly<Record<string, unknown>> {
  const isWhole = one.delivered === one.events;
  return {
    deliveryId: one.id,
    window: hourText(one.window),
    registrationId: one.registration,
    // What is held or was refused is still to come, though nothing of it is under way.
    state: one.state === 'Delivered' && !isWhole ? 'Incomplete' : one.state,
    events: one.events,
    delivered: one.delivered,
    held: one.held,
    deadLetters: one.dead,
    sums: Object.entries(one.sums).map(([name, quantity]) => {
      const [meterId = '', ...unit] = name.split(' ');
      return { meterId, unit: unit.join(' '), quantity };
    }),
    ...(one.delivered_at !== null && { deliveredAt: one.delivered_at.toString() }),
  };
}
