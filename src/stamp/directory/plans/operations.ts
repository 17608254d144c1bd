import { json, listAnswer, named, type Operation, type Schema } from '../../../platform/index.ts';
import { adminOperation } from '../admin.ts';
import { DELETE_ANSWERS, putAnswers, resourceSchema } from '../wire.ts';

const writable: Schema = {
  displayName: { type: 'string' },
  description: { type: 'string' },
  externalReferenceId: { type: 'string' },
  quotaIds: { type: 'array', items: { type: 'string' }, description: 'Kept and given back.' },
};

const plan = named(
  'Plan',
  resourceSchema({
    type: 'object',
    properties: {
      name: { type: 'string' },
      ...writable,
      subscriptionCount: { type: 'integer', description: 'Of those not deleted.' },
    },
  }),
);

/** What the routes of plans tell of themselves. */
export const planOperations = {
  list: adminOperation({
    id: 'listPlans',
    summary: 'The plans of the stamp',
    answers: { 200: listAnswer('All of them, by name.', plan) },
  }),
  show: adminOperation({
    id: 'getPlan',
    summary: 'One plan',
    answers: { 200: { description: 'It.', contents: json(plan) } },
    errors: ['ResourceNotFound'],
  }),
  put: adminOperation({
    id: 'putPlan',
    summary: 'Makes a plan, or changes it',
    description: 'Names of plans are unique on the stamp. What is left out of a change stays.',
    body: {
      required: true,
      contents: json({
        type: 'object',
        properties: {
          location: { type: 'string' },
          properties: { type: 'object', properties: writable },
        },
      }),
    },
    answers: putAnswers('The plan', plan),
    errors: ['Conflict'],
  }),
  remove: adminOperation({
    id: 'deletePlan',
    summary: 'Removes a plan that nothing uses',
    answers: DELETE_ANSWERS,
    errors: ['Conflict'],
  }),
} as const satisfies Readonly<Record<string, Operation>>;
