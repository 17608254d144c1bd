import { json, listAnswer, type Operation } from '../../../platform/index.ts';
import { adminOperation } from '../admin.ts';
import { DELETE_ANSWERS, putAnswers } from '../wire.ts';
import { PAGE_PARAMETERS } from './page.ts';
import {
  adminSubscriptionSchema,
  changedSubscriptionSchema,
  newAdminSubscriptionSchema,
} from './wire.ts';

/** What the routes of a provider's subscriptions tell of themselves. */
export const subscriptionOperations = {
  list: adminOperation({
    id: 'listTenantSubscriptions',
    reachesTree: true,
    summary: 'The subscriptions under a provider',
    parameters: [
      {
        name: '$filter',
        in: 'query',
        description:
          "Equalities with `and` between them: `owner eq 'a@b.example' and state eq 'Enabled'`.",
        schema: { type: 'string' },
      },
      ...PAGE_PARAMETERS,
    ],
    answers: { 200: listAnswer('A page of them, by id.', adminSubscriptionSchema) },
  }),
  show: adminOperation({
    id: 'getTenantSubscription',
    reachesTree: true,
    summary: 'One subscription under a provider',
    answers: { 200: { description: 'It.', contents: json(adminSubscriptionSchema) } },
  }),
  put: adminOperation({
    id: 'putTenantSubscription',
    reachesTree: true,
    summary: 'Makes a subscription under a provider, or changes it',
    description: 'What is left out of a change stays as it is.',
    body: { required: true, contents: json(newAdminSubscriptionSchema) },
    answers: putAnswers('The subscription', adminSubscriptionSchema),
    errors: ['Conflict'],
  }),
  patch: adminOperation({
    id: 'changeTenantSubscription',
    reachesTree: true,
    summary: 'Changes a subscription under a provider, its state for instance',
    body: { required: true, contents: json(changedSubscriptionSchema) },
    answers: { 200: { description: 'As it is now.', contents: json(adminSubscriptionSchema) } },
    errors: ['Conflict'],
  }),
  remove: adminOperation({
    id: 'deleteTenantSubscription',
    reachesTree: true,
    summary: 'Deletes a subscription under a provider',
    description: 'Its past usage stays, for the provider and the operator.',
    answers: DELETE_ANSWERS,
    errors: ['Conflict'],
  }),
} as const satisfies Readonly<Record<string, Operation>>;
