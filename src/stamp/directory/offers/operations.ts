import { json, listAnswer, named, type Operation } from '../../../platform/index.ts';
import { adminOperation } from '../admin.ts';
import { DELETE_ANSWERS, putAnswers, resourceSchema } from '../wire.ts';
import { adminOfferSchema, writableOffer } from './wire.ts';

const delegated = {
  type: 'object',
  required: ['subscriptionId'],
  properties: {
    subscriptionId: {
      type: 'string',
      format: 'uuid',
      description: 'Who gets the offer; it stands directly under the provider that gives it.',
    },
    offerName: {
      type: 'string',
      description: 'What it is called there, the same as here unless given; our own addition.',
    },
  },
};

const delegation = named('OfferDelegation', resourceSchema(delegated));

/** What the routes of offers tell of themselves. */
export const offerOperations = {
  list: adminOperation({
    id: 'listProviderOffers',
    summary: 'The offers of a provider',
    answers: { 200: listAnswer('All of them, by name.', adminOfferSchema) },
  }),
  show: adminOperation({
    id: 'getProviderOffer',
    summary: 'One offer of a provider',
    answers: { 200: { description: 'It.', contents: json(adminOfferSchema) } },
    errors: ['ResourceNotFound'],
  }),
  put: adminOperation({
    id: 'putProviderOffer',
    summary: 'Makes an offer, or changes it',
    description:
      'The operator makes offers. A delegated provider renames, describes and publishes those delegated to it. ' +
      'What is left out of a change stays.',
    body: {
      required: true,
      contents: json({
        type: 'object',
        properties: {
          location: { type: 'string' },
          properties: { type: 'object', properties: writableOffer },
        },
      }),
    },
    answers: putAnswers('The offer', adminOfferSchema),
    errors: ['Conflict', 'ResourceNotFound'],
  }),
  remove: adminOperation({
    id: 'deleteProviderOffer',
    summary: 'Removes an offer that nothing uses',
    answers: DELETE_ANSWERS,
    errors: ['Conflict'],
  }),
  listDelegations: adminOperation({
    id: 'listOfferDelegations',
    summary: 'To whom an offer is delegated',
    answers: { 200: listAnswer('All of them.', delegation) },
    errors: ['ResourceNotFound'],
  }),
  showDelegation: adminOperation({
    id: 'getOfferDelegation',
    summary: 'One delegation of an offer',
    answers: { 200: { description: 'It.', contents: json(delegation) } },
    errors: ['ResourceNotFound'],
  }),
  putDelegation: adminOperation({
    id: 'putOfferDelegation',
    summary: 'Delegates an offer to a provider',
    description: 'The offer is private there until that provider publishes it.',
    body: {
      required: true,
      contents: json({ type: 'object', properties: { properties: delegated } }),
    },
    answers: putAnswers('The delegation', delegation),
    errors: ['Conflict', 'ResourceNotFound'],
  }),
  removeDelegation: adminOperation({
    id: 'deleteOfferDelegation',
    summary: 'Takes a delegated offer back',
    answers: DELETE_ANSWERS,
    errors: ['Conflict', 'ResourceNotFound'],
  }),
} as const satisfies Readonly<Record<string, Operation>>;
