import type { EntityShape } from '../model.ts';

/** Something to filter, with a property of each type. */
export const SHAPE: EntityShape = {
  name: 'Things',
  type: 'Thing',
  description: '',
  key: ['Id'],
  properties: [
    { name: 'Id', type: 'Edm.Int32', nullable: false, description: '' },
    { name: 'Name', type: 'Edm.String', nullable: true, description: '' },
    { name: 'Amount', type: 'Edm.Decimal', nullable: true, description: '' },
    { name: 'At', type: 'Edm.DateTimeOffset', nullable: true, description: '' },
    { name: 'Day', type: 'Edm.Date', nullable: true, description: '' },
    { name: 'Paid', type: 'Edm.Boolean', nullable: true, description: '' },
    { name: 'Guid', type: 'Edm.Guid', nullable: true, description: '' },
  ],
};
