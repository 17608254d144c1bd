import type { NotGiven } from '../case.ts';

/** Answers of the contract that no request brings about in this release. */
export const notGiven: readonly NotGiven[] = [
  {
    status: 504,
    code: 'GatewayTimeout',
    reason:
      'The interface answers itself; there is no gateway in front of it that could tire of waiting.',
  },
  {
    status: 409,
    code: 'MissingSubscriptionRegistration',
    reason:
      'Every subscription may use every provider of this stamp; none needs to be registered first.',
  },
  {
    status: 429,
    code: 'TooManyRequests',
    reason: 'There is no budget of reads; the intake says 503 when as much waits as fits.',
  },
  {
    status: 404,
    code: 'ResourceNotFound',
    reason: 'No path of this release names a resource in a resource group.',
  },
  {
    status: 404,
    code: 'InvalidResourceNamespace',
    reason: 'Operators and users share one endpoint; a provider that is not there is NotFound.',
  },
  {
    status: 500,
    code: 'InternalServerError',
    reason: 'Whatever brings it about is a defect.',
  },
];
