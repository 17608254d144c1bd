import {
  apiVersionParameter,
  type ApiVersions,
  json,
  named,
  type Operation,
} from '../../platform/index.ts';
import { billingModels } from '../../reporting/index.ts';

/** Microsoft.AzureBridge.Admin has one version. */
export const BRIDGE_VERSIONS: ApiVersions = ['2016-01-01'];

const time = { type: 'string', format: 'date-time' };
const window = { type: 'string', examples: ['2026-11-23T10Z'] };
const activation = named('Activation', {
  type: 'object',
  required: ['id', 'name', 'type', 'location', 'etag', 'properties'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    type: { type: 'string' },
    location: { type: 'string' },
    etag: { type: 'string' },
    properties: {
      type: 'object',
      properties: {
        displayName: { type: 'string' },
        azureRegistrationResourceIdentifier: { type: 'string' },
        azureEnvironmentName: { type: 'string' },
        expiration: { ...time, description: '9999-12-30T23:59:59Z when it never ends.' },
        marketplaceSyndicationEnabled: { type: 'boolean' },
        usageReportingEnabled: { type: 'boolean' },
        provisioningState: { type: 'string' },
        alerts: {
          type: 'array',
          items: {
            enum: ['Activation Required', 'Activation Expired', 'Activation Expiring Soon'],
          },
          description: 'What the operator has to see to; our own addition.',
        },
      },
    },
  },
});

const resource = {
  tag: 'bridge',
  access: 'token',
  surface: 'operator',
  parameters: [apiVersionParameter(BRIDGE_VERSIONS)],
  errors: [
    'MissingApiVersionParameter',
    'InvalidApiVersionParameter',
    'SubscriptionNotFound',
    'ResourceNotFound',
  ],
} as const;

/** What the routes of the activation, a resource of the stamp, tell of themselves. */
export const activationOperations = {
  list: {
    ...resource,
    id: 'listActivations',
    summary: 'How the stamp is registered: one activation or none',
    answers: {
      200: {
        description: 'All of them.',
        contents: json({
          type: 'object',
          required: ['value'],
          properties: { value: { type: 'array', items: activation } },
        }),
      },
    },
  },
  show: {
    ...resource,
    id: 'getActivation',
    summary: 'How the stamp is registered',
    answers: { 200: { description: 'The activation.', contents: json(activation) } },
  },
  put: {
    ...resource,
    id: 'putActivation',
    summary: 'Activates the stamp with the key that commerce gave for its registration',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['properties'],
        properties: {
          properties: {
            type: 'object',
            required: ['activationKey'],
            properties: { activationKey: { type: 'string' } },
          },
        },
      }),
    },
    answers: {
      200: {
        description: 'It was activated, and is as the key says now.',
        contents: json(activation),
      },
      201: { description: 'It is activated.', contents: json(activation) },
    },
    errors: [...resource.errors, 'InvalidActivationKey', 'InvalidProperty'],
  },
  remove: {
    ...resource,
    id: 'deleteActivation',
    summary: 'Ends the activation: nothing is reported any more',
    answers: {
      200: { description: 'It was activated.', contents: json({ type: 'object' }) },
      204: { description: 'It was not.' },
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;

const own = { tag: 'bridge', access: 'token', surface: 'operator' } as const;
const object = { type: 'object' };

/** What the bridge's own routes tell of themselves. */
export const bridgeOperations = {
  token: {
    ...own,
    id: 'makeRegistrationToken',
    summary: 'Makes the token with which the stamp is registered with commerce',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['billingModel'],
        properties: {
          billingModel: { enum: [...billingModels] },
          usageReporting: { type: 'boolean', description: 'By the billing model if left out.' },
          marketplaceSyndication: { type: 'boolean', default: false },
          agreementNumber: { type: 'string' },
          assetTag: { type: 'string' },
          from: { ...window, description: 'First hour to report; the open one if left out.' },
        },
      }),
    },
    answers: {
      200: {
        description: 'The token: no secret, good for 30 days.',
        contents: json({
          type: 'object',
          required: ['registrationToken'],
          properties: { registrationToken: { type: 'string' } },
        }),
      },
    },
    errors: ['InvalidProperty'],
  },
  status: {
    ...own,
    id: 'getBridge',
    summary: 'The activation, how far reporting is, how far behind, and what stands in its way',
    answers: { 200: { description: 'The present state.', contents: json(object) } },
  },
  windows: {
    ...own,
    id: 'listReportedWindows',
    summary: 'Windows that were reported, each with the receipt that commerce signed',
    parameters: [
      {
        name: 'from',
        in: 'query',
        description: 'First window; from the first on.',
        schema: window,
      },
      { name: 'to', in: 'query', description: 'Windows before this one; all.', schema: window },
    ],
    answers: {
      200: {
        description: 'A page, by window.',
        contents: json({
          type: 'object',
          required: ['value'],
          properties: {
            value: { type: 'array', items: object },
            nextLink: { type: 'string', format: 'uri', description: 'Absent on the last page.' },
          },
        }),
      },
    },
    errors: ['InvalidProperty'],
  },
  dryRun: {
    ...own,
    id: 'dryRunBridge',
    summary: 'What would be reported now; sends nothing',
    parameters: [
      { name: 'window', in: 'query', description: 'This window alone.', schema: window },
    ],
    answers: { 200: { description: 'What is due.', contents: json(object) } },
    errors: [
      'NotActivated',
      'NotFound',
      'InvalidProperty',
      'ReportedWindowUnfit',
      'ReportedWindowExpired',
    ],
  },
  rotate: {
    ...own,
    id: 'rotateBridgeKey',
    summary: 'Gives the stamp another key to report with',
    answers: {
      200: {
        description: 'The new key is in force.',
        contents: json({
          type: 'object',
          required: ['thumbprint'],
          properties: { thumbprint: { type: 'string' } },
        }),
      },
    },
    errors: ['NotActivated', 'CommerceUnreachable', 'Conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
