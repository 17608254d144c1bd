import { hourNumber, hourOf, hourStart, type HourNumber } from '../kernel/index.ts';
import type { Clock } from '../platform/index.ts';
import { SYSTEM } from '../audit/index.ts';
import { addClient } from '../identity/index.ts';
import type { Server } from '../server/index.ts';
import { readStampState } from '../stamp/aggregation/index.ts';
import {
  adoptDirectoryTenant,
  adoptSubscription,
  holdDirectoryVersion,
  type Subscription,
} from '../stamp/directory/index.ts';
import { simulatedStamp, type EmittedRecord, type SimulatedStamp } from '../stamp/sources/index.ts';
import { readDemoState, writeDemoState, type DemoState } from './state.ts';

/** Whole months before the present one that the history has when the demo starts for the first time. */
const HISTORY_MONTHS = 3;

const SEED = 'demo';

/** The simulated stamp, living on this server. */
export interface DemoStamp {
  readonly simulated: SimulatedStamp;
  /** the first hour that this server itself opened; the history ends before it */
  readonly firstHour: number;
  /** a simulated record as this stamp knows it */
  readonly adopt: (record: EmittedRecord) => EmittedRecord;
  readonly customers: readonly Subscription[];
}

export interface DemoTools {
  readonly server: Server;
  readonly clock: Clock;
  readonly data: string;
  readonly region: string;
}

/** Makes the customers of the simulated stamp known, and its emitters' credential. The same at each start. */
export async function prepareDemo(
  tools: DemoTools,
  months = HISTORY_MONTHS,
): Promise<{ demo: DemoStamp; state: DemoState }> {
  const { server, data, region } = tools;
  const { firstHour } = (await readStampState(server.database.pool))!;
  const state = (await readDemoState(data)) ?? (await newState(tools, firstHour, months));
  await writeDemoState(data, state);
  const simulated = simulatedStamp(state.seed, region, hourNumber(state.startHour));
  const [simulatedRoot, ...customers] = simulated.subscriptions;
  if (simulatedRoot === undefined) throw new Error('the simulated stamp has no subscriptions');
  const root = server.stamp.defaultProviderSubscriptionId;
  const adopted = customers.map((customer) => ({
    ...customer,
    delegatedProviderSubscriptionId:
      customer.delegatedProviderSubscriptionId === simulatedRoot.subscriptionId
        ? root
        : customer.delegatedProviderSubscriptionId,
  }));
  await addCustomers(tools, simulated, adopted);
  return {
    state,
    demo: { simulated, firstHour, customers: adopted, adopt: adopter(simulatedRoot, root) },
  };
}

/** The operator's own usage is booked on the provider subscription that this stamp was born with. */
function adopter(
  simulatedRoot: Subscription,
  root: Subscription['subscriptionId'],
): DemoStamp['adopt'] {
  const from = simulatedRoot.subscriptionId;
  return (record) =>
    record.subscriptionId === from
      ? {
          ...record,
          subscriptionId: root,
          resourceUri: record.resourceUri.replaceAll(from, root),
          additionalInfo: record.additionalInfo.replaceAll(from, root),
        }
      : record;
}

async function newState(
  { server, clock }: DemoTools,
  firstHour: number,
  months: number,
): Promise<DemoState> {
  const { homeTenantId } = server.stamp;
  const emitter = await server.database.transaction((tx) =>
    addClient(
      tx,
      { name: 'simulated resource providers', role: 'Emitter', scope: '/' },
      { clock, homeTenantId, actor: SYSTEM },
    ),
  );
  return {
    seed: SEED,
    startHour: monthsBefore(hourNumber(firstHour), months),
    historyDone: false,
    emittedThrough: firstHour - 1,
    people: [],
    emitter: { clientId: emitter.clientId, clientSecret: emitter.clientSecret },
  };
}

/** The hour with which the month begins that lies so many before that of `hour`, in UTC. */
function monthsBefore(hour: HourNumber, months: number): HourNumber {
  const month = hourStart(hour).toZonedDateTimeISO('UTC').toPlainDate().with({ day: 1 });
  return hourOf(month.subtract({ months }).toZonedDateTime('UTC').toInstant());
}

async function addCustomers(
  { server, clock }: DemoTools,
  simulated: SimulatedStamp,
  customers: readonly Subscription[],
): Promise<void> {
  await server.database.transaction(async (tx) => {
    await holdDirectoryVersion(tx);
    for (const directory of simulated.directories) {
      await adoptDirectoryTenant(tx, directory, { clock, actor: SYSTEM });
    }
    for (const customer of customers) await adoptSubscription(tx, clock, customer);
  });
}
