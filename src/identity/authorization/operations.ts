import {
  apiVersionParameter,
  named,
  type ApiVersions,
  type Operation,
  type OperationParameter,
} from '../../platform/index.ts';

/** Newest first. */
export const AUTHORIZATION_VERSIONS: ApiVersions = [
  '2022-04-01',
  '2020-10-01-preview',
  '2018-01-01-preview',
  '2015-07-01',
];

const text = { type: 'string' };
const guid = { type: 'string', format: 'uuid' };
const texts = { type: 'array', items: text };

const definition = named('RoleDefinition', {
  type: 'object',
  required: ['id', 'name', 'type', 'properties'],
  properties: {
    id: text,
    name: guid,
    type: { const: 'Microsoft.Authorization/roleDefinitions' },
    properties: {
      type: 'object',
      properties: {
        roleName: text,
        type: { const: 'BuiltInRole' },
        description: text,
        assignableScopes: texts,
        permissions: {
          type: 'array',
          items: { type: 'object', properties: { actions: texts, notActions: texts } },
        },
      },
    },
  },
});

const PRINCIPAL = {
  roleDefinitionId: text,
  principalId: guid,
  principalType: { enum: ['ServicePrincipal', 'User', 'Unknown'] },
  principalTenantId: {
    ...guid,
    description: 'Directory tenant of the principal; two directories may use the same id.',
  },
  providers: { ...texts, description: 'Resource providers that an Emitter is held to.' },
};

const assignment = named('RoleAssignment', {
  type: 'object',
  required: ['id', 'name', 'type', 'properties'],
  properties: {
    id: text,
    name: guid,
    type: { const: 'Microsoft.Authorization/roleAssignments' },
    properties: {
      type: 'object',
      properties: {
        ...PRINCIPAL,
        scope: text,
        createdOn: { type: 'string', format: 'date-time' },
        updatedOn: { type: 'string', format: 'date-time' },
        createdBy: guid,
        updatedBy: guid,
      },
    },
  },
});

const newAssignment = named('NewRoleAssignment', {
  type: 'object',
  required: ['properties'],
  properties: {
    properties: {
      type: 'object',
      required: ['roleDefinitionId', 'principalId'],
      properties: PRINCIPAL,
    },
  },
});

const VERSION = apiVersionParameter(AUTHORIZATION_VERSIONS);
const ERRORS = [
  'MissingApiVersionParameter',
  'InvalidApiVersionParameter',
  'SubscriptionNotFound',
] as const;

function filter(description: string): OperationParameter {
  return { name: '$filter', in: 'query', description, schema: text };
}

function listOf(items: object): { readonly 'application/json': Readonly<Record<string, unknown>> } {
  return {
    'application/json': {
      type: 'object',
      required: ['value'],
      properties: { value: { type: 'array', items } },
    },
  };
}

/** What the routes of roles tell of themselves; each is there for the stamp, a subscription and a resource group. */
export const authorizationOperations = {
  definitions: {
    id: 'listRoleDefinitions',
    tag: 'authorization',
    summary: 'The roles that can be assigned on the scope',
    access: 'token',
    parameters: [VERSION, filter("roleName eq '{name}', type eq 'BuiltInRole', atScopeAndBelow()")],
    answers: { 200: { description: 'All of them.', contents: listOf(definition) } },
    errors: ERRORS,
  },
  definition: {
    id: 'getRoleDefinition',
    tag: 'authorization',
    summary: 'One role',
    access: 'token',
    parameters: [VERSION],
    answers: { 200: { description: 'The role.', contents: { 'application/json': definition } } },
    errors: [...ERRORS, 'NotFound'],
  },
  list: {
    id: 'listRoleAssignments',
    tag: 'authorization',
    summary: 'Who has which role on the scope, above it and below it',
    description: 'Of what the caller may know: not what reaches the scope from above the own one.',
    access: 'token',
    parameters: [VERSION, filter("atScope(), principalId eq '{id}', assignedTo('{id}'), and")],
    answers: { 200: { description: 'All of them.', contents: listOf(assignment) } },
    errors: ERRORS,
  },
  show: {
    id: 'getRoleAssignment',
    tag: 'authorization',
    summary: 'One role assignment',
    access: 'token',
    parameters: [VERSION],
    answers: { 200: { description: 'It.', contents: { 'application/json': assignment } } },
    errors: [...ERRORS, 'NotFound'],
  },
  assign: {
    id: 'assignRole',
    tag: 'authorization',
    summary: 'Assigns a role to a principal on the scope',
    description:
      'Takes a new GUID as its name. Nobody can give what they may not do themselves. Of a principal of another directory only its id is known here.',
    access: 'token',
    parameters: [VERSION],
    body: { required: true, contents: { 'application/json': newAssignment } },
    answers: {
      200: {
        description: 'It was there already.',
        contents: { 'application/json': assignment },
      },
      201: { description: 'It is there now.', contents: { 'application/json': assignment } },
    },
    errors: [...ERRORS, 'RoleAssignmentExists'],
  },
  remove: {
    id: 'removeRole',
    tag: 'authorization',
    summary: 'Takes a role away',
    access: 'token',
    parameters: [VERSION],
    answers: {
      200: { description: 'What was there.', contents: { 'application/json': assignment } },
      204: { description: 'There was none.' },
    },
    errors: [...ERRORS, 'Conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
