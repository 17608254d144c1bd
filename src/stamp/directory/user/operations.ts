import {
  apiVersionParameter,
  type ApiVersions,
  json,
  listAnswer,
  named,
  type Operation,
} from '../../../platform/index.ts';
import { userOfferSchema } from '../offers/wire.ts';
import { DELETE_ANSWERS, putAnswers } from '../wire.ts';

/** Clients of many generations ask here, each with the version of its day; the answers have not changed. */
export const USER_VERSIONS: ApiVersions = { oldest: '2015-11-01', newest: '2022-12-01' };

const versions = ['MissingApiVersionParameter', 'InvalidApiVersionParameter'] as const;
const common = {
  tag: 'directory',
  access: 'token',
  parameters: [apiVersionParameter(USER_VERSIONS)],
} as const;

const text = { type: 'string' };
const subscription = named('OwnSubscription', {
  type: 'object',
  properties: {
    id: text,
    subscriptionId: { type: 'string', format: 'uuid' },
    tenantId: { type: 'string', format: 'uuid' },
    displayName: text,
    offerId: text,
    state: text,
    subscriptionPolicies: { type: 'object', properties: { locationPlacementId: text } },
    authorizationSource: text,
  },
});

/** What the routes of users tell of themselves. */
export const userOperations = {
  offers: {
    ...common,
    id: 'listOffers',
    summary: 'The public offers of the default provider',
    answers: { 200: listAnswer('All of them, by name.', userOfferSchema) },
    errors: versions,
  },
  providerOffers: {
    ...common,
    id: 'listOffersOfProvider',
    summary: 'The public offers of a provider',
    description: 'The word default stands for the default provider.',
    answers: { 200: listAnswer('All of them, by name.', userOfferSchema) },
    errors: versions,
  },
  providerOffer: {
    ...common,
    id: 'getOfferOfProvider',
    summary: 'One public offer of a provider',
    answers: { 200: { description: 'It.', contents: json(userOfferSchema) } },
    errors: [...versions, 'NotFound'],
  },
  put: {
    ...common,
    id: 'putSubscription',
    summary: 'Takes a subscription from a public offer, or renames one',
    description:
      'Whoever takes it is its owner. A client needs a role besides Emitter, on anything, to take one.',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['displayName', 'offerId'],
        properties: {
          displayName: { type: 'string', maxLength: 200 },
          offerId: { ...text, description: 'As the list of offers has it.' },
        },
      }),
    },
    answers: putAnswers('The subscription', subscription),
    errors: [...versions, 'Conflict', 'SubscriptionNotFound'],
  },
  patch: {
    ...common,
    id: 'renameSubscription',
    summary: 'Renames a subscription',
    body: {
      required: true,
      contents: json({
        type: 'object',
        properties: { displayName: { type: 'string', maxLength: 200 } },
      }),
    },
    answers: { 200: { description: 'As it is now.', contents: json(subscription) } },
    errors: [...versions, 'Conflict', 'SubscriptionNotFound'],
  },
  remove: {
    ...common,
    id: 'deleteSubscription',
    summary: 'Gives a subscription up, for good',
    answers: DELETE_ANSWERS,
    errors: [...versions, 'Conflict', 'SubscriptionNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
