import { readingUsage } from './reading-usage.ts';
import type { EntitySet } from './set.ts';

/** The meters that the stamp knows. */
export const meters: EntitySet = {
  name: 'Meters',
  type: 'Meter',
  description: 'The catalogue of meters of the stamp.',
  key: ['MeterNumber'],
  properties: [
    { name: 'MeterNumber', type: 'Edm.Int32', nullable: false, description: 'On this stamp.' },
    { name: 'MeterId', type: 'Edm.String', nullable: false, description: 'As it was added.' },
    { name: 'Name', type: 'Edm.String', nullable: false, description: 'For people.' },
    { name: 'Unit', type: 'Edm.String', nullable: false, description: 'Of its quantities.' },
    {
      name: 'ResourceProvider',
      type: 'Edm.String',
      nullable: false,
      description: 'Namespace of who emits it.',
    },
    { name: 'Category', type: 'Edm.String', nullable: false, description: 'Kind of service.' },
  ],
  from: 'meter m',
  columns: {
    MeterNumber: 'm.meter',
    MeterId: 'm.meter_id',
    Name: 'm.name',
    Unit: 'm.unit',
    ResourceProvider: 'm.resource_provider',
    Category: 'm.category',
  },
  order: [{ sql: 'm.meter', type: 'smallint' }],
  sortable: true,
  reading: readingUsage,
};

/** The subscriptions of which the caller sees usage. */
export const subscriptions: EntitySet = {
  name: 'Subscriptions',
  type: 'Subscription',
  description: 'Subscriptions of the stamp whose usage you see.',
  key: ['SubscriptionId'],
  properties: [
    { name: 'SubscriptionId', type: 'Edm.Guid', nullable: false, description: 'Its id.' },
    { name: 'Name', type: 'Edm.String', nullable: false, description: 'Its name now.' },
  ],
  from: 'analysis_names() n',
  columns: { SubscriptionId: 'n.subscription_id', Name: 'n.name' },
  order: [{ sql: 'n.subscription_id', type: 'uuid' }],
  sortable: true,
  reading: readingUsage,
};
