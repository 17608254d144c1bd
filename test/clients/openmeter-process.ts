import { OpenMeter, type Event } from '@openmeter/sdk';
import { runSteps, type Steps } from './steps.ts';

export interface Told {
  readonly baseUrl: string;
  /** `<client id>.<secret>` */
  readonly keys: Readonly<Record<'operator' | 'tenant' | 'emitter', string>>;
  readonly tenantSubscription: string;
  readonly otherSubscription: string;
  /** Whole hours of usage that is over; ISO 8601. */
  readonly usageStart: string;
  readonly usageEnd: string;
}

const ADDRESSES = 'f271a8a388c44d93956a063e1d2fa80b';
const VM_HOURS = '6dab500f-a4fd-49c4-956d-229bb9c8c793';
const FAR_FUTURE = new Date('2099-01-01T00:00:00Z');
const JUNE_1 = new Date('2018-06-01T00:00:00Z');
const JUNE_2 = new Date('2018-06-02T00:00:00Z');
const JUNE_3 = new Date('2018-06-03T00:00:00Z');

runSteps((told: Told): Steps => {
  const as = (apiKey: string): OpenMeter => new OpenMeter({ baseUrl: told.baseUrl, apiKey });
  const clients: Clients = {
    operator: as(told.keys.operator),
    tenant: as(told.keys.tenant),
    emitter: as(told.keys.emitter),
    wrong: as(`${told.keys.tenant}x`),
    nobody: as(''),
  };
  return { ...sending(clients, told), ...listing(clients, told), ...querying(clients, told) };
});

type Clients = Readonly<Record<'operator' | 'tenant' | 'emitter' | 'wrong' | 'nobody', OpenMeter>>;

function sending({ operator, tenant, emitter, wrong }: Clients, told: Told): Steps {
  const { tenantSubscription, otherSubscription } = told;
  const usage = (name: string, subscriptionId = tenantSubscription): Event => ({
    ...({ type: 'stackmeter.usage', subject: subscriptionId } as Event),
    data: {
      subscriptionId,
      resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`,
      meterId: VM_HOURS,
      quantity: '0.10000000000000000000000001',
      usageStartTime: told.usageStart,
      usageEndTime: told.usageEnd,
      location: 'local',
      tags: { name },
    },
  });
  const named = { ...usage('named'), id: 'named', source: 'openmeter-sdk' };
  return {
    one: () => operator.events.ingest(usage('one')),
    batch: () => operator.events.ingest([usage('two'), named]),
    again: () => operator.events.ingest(named),
    own: () => emitter.events.ingest(usage('three')),
    foreign: () => emitter.events.ingest(usage('four', otherSubscription)),
    mayNotSend: () => tenant.events.ingest(usage('five')),
    wrongKey: () => wrong.events.ingest(usage('six')),
  };
}

function listing({ operator, tenant, emitter }: Clients, told: Told): Steps {
  const subject = told.tenantSubscription;
  return {
    records: () => tenant.events.list({ subject }),
    oneRecord: () => tenant.events.list({ subject, limit: 1 }),
    noRecords: () => tenant.events.list({ subject, to: JUNE_1 }),
    recordsOfAll: () => operator.events.list(),
    recordsById: () => tenant.events.list({ subject, id: 'named' }),
    recordsOfYears: () => tenant.events.list({ subject, ingestedAtFrom: JUNE_1 }),
    foreignRecords: () => tenant.events.list({ subject: told.otherSubscription }),
    emitterReads: () => emitter.events.list({ subject }),
  };
}

function querying({ operator, tenant, nobody }: Clients, told: Told): Steps {
  const { tenantSubscription, otherSubscription } = told;
  const subject = [tenantSubscription];
  const day = { subject, from: JUNE_1, to: JUNE_2 };
  const nextDay = { subject: [otherSubscription], from: JUNE_2, to: JUNE_3 };
  const ask = (change: object): Promise<unknown> =>
    tenant.meters.query(ADDRESSES, { ...day, ...change });
  return {
    total: () => ask({}),
    hours: () => tenant.meters.query(ADDRESSES.toUpperCase(), { ...day, windowSize: 'HOUR' }),
    days: () =>
      tenant.meters.query('static_ip_address_usage', { subject, from: JUNE_1, windowSize: 'DAY' }),
    unfinished: () => ask({ to: FAR_FUTURE, windowSize: 'DAY' }),
    exact: () =>
      operator.meters.query(VM_HOURS, {
        ...nextDay,
        subject: [otherSubscription, tenantSubscription],
        groupBy: ['resourceGroup', 'resourceUri'],
      }),
    filtered: () => {
      // Deprecated in favour of filters that this client cannot write into a query.
      const filterGroupBy = { resourceGroup: 'WEB-rg', location: 'local' };
      const by = { filterGroupBy, groupBy: ['location'] };
      return operator.meters.query(VM_HOURS, { ...nextDay, ...by });
    },
    filteredOut: () => ask({ filterGroupBy: { location: 'elsewhere' } }),
    foreignUsage: () => ask({ subject: [otherSubscription] }),
    partlyForeign: () => ask({ subject: [tenantSubscription, otherSubscription] }),
    withoutSubject: () => operator.meters.query(ADDRESSES, { from: JUNE_1 }),
    withoutStart: () => tenant.meters.query(ADDRESSES, { subject }),
    tooLong: () => ask({ from: new Date(0), windowSize: 'DAY' }),
    offTheHour: () => ask({ from: new Date('2018-06-01T00:30:00Z') }),
    minutes: () => ask({ windowSize: 'MINUTE' }),
    otherTimeZone: () => ask({ windowTimeZone: 'Europe/Berlin' }),
    byCustomer: () => ask({ filterCustomerId: ['x'] }),
    byModel: () => ask({ groupBy: ['model'] }),
    unknownMeter: () => tenant.meters.query('no_such_meter', day),
    ambiguousMeter: () => tenant.meters.query('s4', day),
    withoutKey: () => nobody.meters.query(ADDRESSES, day),
  };
}
