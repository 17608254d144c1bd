import { json, listAnswer, type Operation } from '../../../platform/index.ts';
import { acceptedAnswer } from '../../operations/index.ts';
import { adminOperation } from '../admin.ts';
import { adminOfferSchema } from '../offers/wire.ts';
import { PAGE_PARAMETERS } from '../subscriptions/page.ts';
import { adminSubscriptionSchema } from '../subscriptions/wire.ts';

const text = { type: 'string' };
const moveBody = {
  required: true,
  contents: json({
    type: 'object',
    required: ['resources'],
    properties: {
      resources: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: text,
        description: 'Ids of subscriptions.',
      },
      targetDelegatedProviderOffer: {
        type: ['string', 'null'],
        description:
          'The id of an offer; its provider is where they go. Without it they come to the caller itself, each to the ' +
          'offer that it has by way of delegation.',
      },
    },
  }),
};

/** What the routes of the tree of providers tell of themselves. */
export const treeOperations = {
  validate: adminOperation({
    id: 'validateMoveSubscriptions',
    summary: 'Whether subscriptions could be moved to another provider now',
    body: moveBody,
    answers: { 204: { description: 'They could.' } },
    errors: ['Conflict'],
  }),
  move: adminOperation({
    id: 'moveSubscriptions',
    summary: 'Moves subscriptions to another provider, with all below them',
    description: 'All of them or none. The past usage of a subscription goes with it.',
    body: moveBody,
    answers: { 202: acceptedAnswer },
    errors: ['Conflict'],
  }),
  list: adminOperation({
    id: 'listDelegatedProviders',
    reachesTree: true,
    summary: 'The subscriptions under a provider that are providers themselves',
    parameters: PAGE_PARAMETERS,
    answers: { 200: listAnswer('A page of them, by id.', adminSubscriptionSchema) },
  }),
  show: adminOperation({
    id: 'getDelegatedProvider',
    reachesTree: true,
    summary: 'One provider',
    answers: { 200: { description: 'It.', contents: json(adminSubscriptionSchema) } },
  }),
  offers: adminOperation({
    id: 'listDelegatedProviderOffers',
    reachesTree: true,
    summary: 'What a provider offers',
    answers: { 200: listAnswer('All of it, by name.', adminOfferSchema) },
  }),
  offer: adminOperation({
    id: 'getDelegatedProviderOffer',
    reachesTree: true,
    summary: 'One offer of a provider',
    answers: { 200: { description: 'It.', contents: json(adminOfferSchema) } },
    errors: ['NotFound'],
  }),
} as const satisfies Readonly<Record<string, Operation>>;
