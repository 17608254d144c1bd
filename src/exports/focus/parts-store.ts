import { Decimal, type Instant } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import type { ChargeState, StateWanted } from './composition.ts';
import type { ChargeFacts, UsagePart } from './facts.ts';

interface PartRow {
  readonly charge: bigint;
  readonly day: number;
  readonly resource_key: string;
  readonly quantity: string;
  readonly last_reported: number;
  readonly uri: string | null;
  readonly location: string | null;
  readonly tags: string | null;
  readonly additional_info: string | null;
}

/** Rows that are fetched at a time. */
export const PARTS_PAGE = 4000;

const TEXTS = 'r.resource_uri as uri, r.location, r.tags, r.additional_info';
/**
 * Looks the texts of each row up by key. The limit keeps the planner from reading all resources there are for each page,
 * which it would rather do than some thousand look-ups.
 */
const lookUp = (customer: string): string => `left join lateral (
  select resource_uri, location, tags, additional_info from reported_resource o
  where o.customer_subscription_id = ${customer} and o.resource_key = l.resource_key limit 1) r on true`;

/**
 * The parts of charges as they are now, by charge in the order given, then by day and resource. To be asked for as many
 * charges as fit on a page together.
 */
export async function readPresentParts(
  db: Queryable,
  charges: readonly bigint[],
): Promise<ReadonlyMap<bigint, readonly UsagePart[]>> {
  const { rows } = await db.query<PartRow>({
    name: 'focus-parts',
    text: `select l.charge, l.usage_day as day, l.resource_key, l.quantity, l.last_reported, ${TEXTS}
           from rated_line l join charge c on c.charge = l.charge
           ${lookUp('c.customer_subscription_id')}
           where l.charge = any($1::bigint[]) order by l.charge, l.usage_day, l.resource_key`,
    values: [charges.map(String)],
  });
  return Map.groupBy(
    rows.map((row) => ({ charge: row.charge, ...partOf(row) })),
    ({ charge }) => charge,
  );
}

/** The parts of one large charge as they are now, a page at a time. */
export async function* pagePresentParts(
  db: Queryable,
  { charge, customerSubscriptionId }: ChargeFacts,
): AsyncGenerator<readonly UsagePart[]> {
  let after: UsagePart | undefined;
  for (;;) {
    const { rows } = await db.query<PartRow>({
      name: 'focus-parts-page',
      text: `select l.charge, l.usage_day as day, l.resource_key, l.quantity, l.last_reported, ${TEXTS}
             from (select * from rated_line where charge = $1
                     and ($3::int is null or (usage_day, resource_key) > ($3, $4::uuid))
                   order by usage_day, resource_key limit ${PARTS_PAGE}) l
             ${lookUp('$2')}
             order by l.usage_day, l.resource_key`,
      values: [
        charge.toString(),
        customerSubscriptionId,
        after?.day ?? null,
        after?.resourceKey ?? null,
      ],
    });
    const parts = rows.map(partOf);
    if (parts.length > 0) yield parts;
    after = parts.at(-1);
    if (parts.length < PARTS_PAGE) return;
  }
}

/**
 * Of each part of a charge what came in windows that were accepted at $late or later. Only lines that have something of
 * such a window are looked at.
 */
const LATE = (lines: string, late: string): string => `
  select b.usage_day, b.resource_key, u.quantity, w.accepted_at
  from (select coalesce(min(reported_hour), 2147483647) as hour from received_window where accepted_at >= ${late}) first
  join ${lines} b on b.last_reported >= first.hour
  join charge c on c.charge = b.charge
  join reported_usage u on u.customer_subscription_id = c.customer_subscription_id
    and u.resource_key = b.resource_key and u.usage_hour between b.usage_day * 24 and b.usage_day * 24 + 23
    and u.reported_hour between greatest(b.first_reported, first.hour) and b.last_reported
    and u.meter = c.meter and u.subscription_id = c.subscription_id and u.billable = c.billable
  join received_window w on w.registration_number = u.registration_number and w.reported_hour = u.reported_hour
  join billing_period p on p.period = c.period and u.usage_hour >= p.from_hour and u.usage_hour < p.to_hour
  where w.accepted_at >= ${late}`;

/**
 * The lines of a charge as they are, or as they were before a run of rating anew: of each what that run, or the next one
 * that changed it, had found.
 */
const linesOf = ({ charge, run }: ChargeState): string =>
  run === undefined
    ? `(select charge, usage_day, resource_key, quantity, first_reported, last_reported
        from rated_line where charge = ${charge})`
    : `(select distinct on (usage_day, resource_key) * from (
          select charge, usage_day, resource_key, quantity, first_reported, last_reported, run
          from rated_line_version where charge = ${charge} and run >= ${run}
          union all
          select charge, usage_day, resource_key, quantity, first_reported, last_reported, null
          from rated_line where charge = ${charge}) versions
        order by usage_day, resource_key, run nulls last)`;

const stateSql = (state: ChargeState, sign: '+' | '-'): string => {
  const lines = linesOf(state);
  const all = `select usage_day, resource_key, ${sign}quantity as quantity, last_reported from ${lines} s`;
  if (state.before === undefined) return all;
  const late = LATE(lines, `'${state.before.toString()}'::timestamptz`);
  const opposite = sign === '+' ? '-' : '+';
  return `${all} union all
    select usage_day, resource_key, ${opposite}quantity, null from (${late}) late`;
};

/**
 * What a state of a charge has that another one has not, by day and resource, a page at a time; negative where it has
 * less. The states are numbers and times of ours, so that they can stand in the statement.
 */
export async function* pageDifference(
  db: Queryable,
  { customerSubscriptionId }: ChargeFacts,
  now: ChargeState | undefined,
  before: ChargeState | undefined,
): AsyncGenerator<readonly UsagePart[]> {
  const sides = [now && stateSql(now, '+'), before && stateSql(before, '-')];
  const both = sides.filter((side) => side !== undefined).join(' union all ');
  if (both === '') return;
  let after: UsagePart | undefined;
  for (;;) {
    const { rows } = await db.query<PartRow>(
      `select 0::bigint as charge, l.usage_day as day, l.resource_key, l.quantity, l.last_reported, ${TEXTS}
       from (select usage_day, resource_key, sum(quantity) as quantity, max(last_reported) as last_reported
             from (${both}) sides
             where $2::int is null or (usage_day, resource_key) > ($2, $3::uuid)
             group by usage_day, resource_key having sum(quantity) <> 0
             order by usage_day, resource_key limit ${PARTS_PAGE}) l
       ${lookUp('$1')}
       order by l.usage_day, l.resource_key`,
      [customerSubscriptionId, after?.day ?? null, after?.resourceKey ?? null],
    );
    const parts = rows.map(partOf);
    if (parts.length > 0) yield parts;
    after = parts.at(-1);
    if (parts.length < PARTS_PAGE) return;
  }
}

function partOf(row: PartRow): UsagePart {
  const { uri, location, tags, additional_info: additionalInfo } = row;
  const hasTexts = uri !== null && location !== null && tags !== null && additionalInfo !== null;
  return {
    day: row.day,
    resourceKey: row.resource_key,
    quantity: decimalOf(row.quantity),
    lastReported: row.last_reported,
    resource: hasTexts ? { uri, location, tags, additionalInfo } : undefined,
  };
}

/** Windows back in time that are looked at for the state of a charge. */
const MOST_WINDOWS = 5000;

/**
 * Finds the state in which a charge had this quantity when an invoice took it. Facts only ever come in addition, and
 * windows are rated in the order in which they were accepted: taking off the windows of the end, one after the other,
 * comes to it. What is found does not change by what is reported later.
 *
 * @returns undefined where there is none: then it is not known which resources used it
 */
export async function findState(
  db: Queryable,
  facts: ChargeFacts,
  { quantity, at }: StateWanted,
): Promise<ChargeState | undefined> {
  const { charge } = facts;
  for (const run of [...(await runsSince(db, charge, at)), undefined]) {
    const state = { charge, run, before: undefined };
    const there = run === undefined ? facts.partsQuantity : await quantityOf(db, state);
    const order = there.compare(quantity);
    if (order === 0) return state;
    if (order < 0) continue;
    const before = await findCut(db, state, at, there.subtract(quantity));
    if (before !== undefined) return { charge, run, before };
  }
  return undefined;
}

/** The runs of rating anew that changed lines of a charge from then on, the oldest first. */
async function runsSince(db: Queryable, charge: bigint, at: Instant): Promise<bigint[]> {
  const { rows } = await db.query<{ run: bigint }>({
    name: 'focus-charge-runs',
    text: `select run from rating_run n where started_at >= $2
             and exists (select from rated_line_version v where v.run = n.run and v.charge = $1)
           order by run`,
    values: [charge.toString(), at.toString()],
  });
  return rows.map(({ run }) => run);
}

async function quantityOf(db: Queryable, state: ChargeState): Promise<Decimal> {
  const { rows } = await db.query<{ quantity: string }>(
    `select coalesce(sum(quantity), 0) as quantity from ${linesOf(state)} lines`,
  );
  return decimalOf(rows[0]?.quantity ?? '0');
}

/** From which acceptance on the windows have exactly this much of a state. */
async function findCut(
  db: Queryable,
  state: ChargeState,
  at: Instant,
  excess: Decimal,
): Promise<Instant | undefined> {
  // What was accepted shortly before an invoice was issued may not have been rated by then.
  const from = at.subtract({ hours: 7 * 24 });
  const { rows } = await db.query<{ accepted_at: Instant; quantity: string }>(
    `select accepted_at, sum(quantity) as quantity from (${LATE(linesOf(state), '$1::timestamptz')}) late
     group by accepted_at order by accepted_at desc limit ${MOST_WINDOWS}`,
    [from.toString()],
  );
  let taken = Decimal.zero;
  for (const row of rows) {
    taken = taken.add(decimalOf(row.quantity));
    const order = taken.compare(excess);
    if (order === 0) return row.accepted_at;
    if (order > 0) return undefined;
  }
  return undefined;
}
