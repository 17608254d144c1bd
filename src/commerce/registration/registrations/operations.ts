import {
  type ApiVersions,
  json,
  listAnswer,
  named,
  type Operation,
} from '../../../platform/index.ts';
import { billingModels } from '../../../reporting/index.ts';
import { armOperation, PAGE_PARAMETERS, PRECONDITIONS } from '../http.ts';

const text = { type: 'string' };
const guid = { type: 'string', format: 'uuid' };

const registration = named('Registration', {
  type: 'object',
  required: ['id', 'name', 'type', 'location', 'etag', 'properties'],
  properties: {
    id: text,
    name: text,
    type: { const: 'Microsoft.AzureStack/registrations' },
    location: { const: 'global' },
    etag: text,
    properties: {
      type: 'object',
      required: ['objectId', 'cloudId', 'billingModel', 'status', 'expiration'],
      properties: {
        objectId: { ...guid, description: 'The client as which the stamp reports.' },
        cloudId: guid,
        billingModel: { enum: [...billingModels] },
        registrationId: { ...guid, description: 'Stays when the registration is moved.' },
        status: { enum: ['Registered', 'Expired', 'Reset'] },
        usageReportingEnabled: { type: 'boolean' },
        marketplaceSyndicationEnabled: { type: 'boolean' },
        expiration: { type: 'string', format: 'date-time' },
        agreementNumber: text,
        assetTag: text,
        warning: { ...text, description: 'What is odd about it and was done all the same.' },
      },
    },
  },
});

const TOKEN_ERRORS = [
  'InvalidRegistrationToken',
  'BillingModelNotAllowed',
  'MissingAgreementNumber',
  'MissingMsAssetTag',
  'CloudIdUpdateNotAllowed',
  'CloudIdAlreadyRegistered',
  'MetadataResolverBadGatewayError',
  'Conflict',
  'PreconditionFailed',
] as const;

const properties = {
  type: 'object',
  properties: {
    registrationToken: { ...text, description: 'As stackmeter activation token made it.' },
  },
};

/** Moving resources is common to all providers, in versions of its own. */
export const MOVE_VERSIONS: ApiVersions = { oldest: '2018-05-01', newest: '2025-12-31' };

/** What the routes of registrations tell of themselves. */
export const registrationOperations = {
  listInSubscription: armOperation({
    id: 'listRegistrationsOfSubscription',
    summary: 'The registrations under a subscription',
    parameters: PAGE_PARAMETERS,
    answers: { 200: listAnswer('A page of them, by name.', registration) },
  }),
  listInGroup: armOperation({
    id: 'listRegistrations',
    summary: 'The registrations in a resource group',
    parameters: PAGE_PARAMETERS,
    answers: { 200: listAnswer('A page of them, by name.', registration) },
  }),
  show: armOperation({
    id: 'getRegistration',
    summary: 'One registration',
    answers: { 200: { description: 'It.', contents: json(registration) } },
    errors: ['RegistrationNotFound'],
  }),
  put: armOperation({
    id: 'putRegistration',
    summary: 'Registers a stamp, or registers it again',
    description:
      'Another billing model, reporting on or off and another key of the stamp are registered under the same name and group.',
    parameters: PRECONDITIONS,
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['location', 'properties'],
        properties: {
          location: { const: 'global' },
          properties: { ...properties, required: ['registrationToken'] },
        },
      }),
    },
    answers: {
      200: { description: 'It was there and is as stated now.', contents: json(registration) },
      201: { description: 'It is there now.', contents: json(registration) },
    },
    errors: TOKEN_ERRORS,
  }),
  patch: armOperation({
    id: 'updateRegistration',
    summary: 'Registers a stamp again, or sets when its registration ends',
    description: 'The end is for the operator of commerce to set: null or a time.',
    parameters: PRECONDITIONS,
    body: {
      required: true,
      contents: json({
        type: 'object',
        properties: {
          properties: {
            ...properties,
            properties: {
              ...properties.properties,
              expiration: { type: ['string', 'null'], format: 'date-time' },
            },
          },
        },
      }),
    },
    answers: { 200: { description: 'As it is now.', contents: json(registration) } },
    errors: ['RegistrationNotFound', ...TOKEN_ERRORS],
  }),
  remove: armOperation({
    id: 'deleteRegistration',
    summary: 'Removes a registration: its reporting and its mappings end',
    parameters: PRECONDITIONS,
    answers: {
      200: { description: 'It was there and is gone.' },
      204: { description: 'There was nothing.' },
    },
    errors: ['Conflict', 'PreconditionFailed'],
  }),
  activationKey: armOperation({
    id: 'getActivationKey',
    summary: 'The key with which the stamp is activated',
    answers: {
      200: {
        description: 'It, for this stamp alone.',
        contents: json({
          type: 'object',
          required: ['activationKey'],
          properties: { activationKey: text },
        }),
      },
    },
    errors: ['RegistrationNotFound', 'RegistrationExpired', 'Conflict'],
  }),
  enableRemoteManagement: armOperation({
    id: 'enableRemoteManagement',
    summary: 'Does nothing: clients of the original ask for it',
    answers: { 200: { description: 'The registration is there.' } },
    errors: ['RegistrationNotFound'],
  }),
  move: armOperation(
    {
      id: 'moveRegistrations',
      summary: 'Moves registrations to another group, or to another subscription of the partner',
      description: 'All of them or none. The caller needs to be allowed to write in both places.',
      body: {
        required: true,
        contents: json({
          type: 'object',
          required: ['resources', 'targetResourceGroup'],
          properties: {
            resources: { type: 'array', items: text, description: 'Ids of registrations.' },
            targetResourceGroup: { ...text, examples: ['/subscriptions/{id}/resourceGroups/a'] },
          },
        }),
      },
      answers: { 204: { description: 'They are there now.' } },
      errors: ['RegistrationNotFound', 'Conflict'],
    },
    MOVE_VERSIONS,
  ),
} as const satisfies Readonly<Record<string, Operation>>;
