import type { FastifyInstance } from 'fastify';
import {
  apiVersionParameter,
  originOf,
  requireApiVersion,
  type Operation,
} from '../../platform/index.ts';
import { loginEndpoint } from '../../identity/index.ts';

/** Newest first; published scripts ask for 1.0. */
const METADATA_VERSIONS = ['2015-01-01', '1.0'];

const address = { type: 'string', format: 'uri' };

const operation: Operation = {
  id: 'getEndpoints',
  tag: 'resources',
  summary: 'Where to sign in, and for which audience',
  access: 'public',
  parameters: [apiVersionParameter(METADATA_VERSIONS)],
  answers: {
    200: {
      description: 'The endpoints of the stamp.',
      contents: {
        'application/json': {
          type: 'object',
          properties: {
            galleryEndpoint: address,
            graphEndpoint: address,
            portalEndpoint: address,
            authentication: {
              type: 'object',
              properties: { loginEndpoint: address, audiences: { type: 'array', items: address } },
            },
          },
        },
      },
    },
  },
  errors: ['MissingApiVersionParameter', 'InvalidApiVersionParameter'],
};

/** The discovery that clients begin with, before they have signed in. */
export function metadataRoutes(app: FastifyInstance): void {
  app.get('/metadata/endpoints', { config: { operation } }, (request) => {
    requireApiVersion(request, METADATA_VERSIONS);
    const origin = originOf(request);
    return {
      galleryEndpoint: `${origin}/`,
      graphEndpoint: `${origin}/`,
      portalEndpoint: `${origin}/`,
      authentication: { loginEndpoint: loginEndpoint(request), audiences: [origin] },
    };
  });
}
