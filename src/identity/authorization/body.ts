import {
  fail,
  isJsonObject,
  parseDirectoryTenantId,
  parsePrincipalId,
  type DirectoryTenantId,
  type PrincipalId,
} from '../../kernel/index.ts';
import type { PrincipalType } from '../role-assignment.ts';
import type { Role } from '../role.ts';
import { findRoleByDefinition } from './wire.ts';

/** What a caller asks to assign. */
export interface WantedAssignment {
  readonly role: Role;
  readonly principalId: PrincipalId;
  /** Undefined where the caller leaves it to us to know the principal. */
  readonly principalType: Exclude<PrincipalType, 'Unknown'> | undefined;
  readonly principalTenantId: DirectoryTenantId | undefined;
  readonly providers: readonly string[] | undefined;
}

/**
 * Reads the body of a request that assigns a role.
 *
 * @throws InvalidRequestContent, InvalidProperty
 */
export function readWantedAssignment(body: unknown): WantedAssignment {
  const properties = isJsonObject(body) ? body['properties'] : undefined;
  if (!isJsonObject(properties)) {
    throw fail('InvalidRequestContent', { reason: "it must be an object with 'properties'" });
  }
  const roleDefinitionId = textOf(properties, 'roleDefinitionId') ?? '';
  const role = findRoleByDefinition(roleDefinitionId);
  if (role === undefined) {
    throw invalid('roleDefinitionId', roleDefinitionId, 'there is no such role definition');
  }
  const principalText = textOf(properties, 'principalId') ?? '';
  const principalId = parsePrincipalId(principalText);
  if (principalId === undefined) throw invalid('principalId', principalText, 'it has to be a GUID');
  return {
    role,
    principalId,
    principalType: readType(textOf(properties, 'principalType')),
    principalTenantId: readTenant(textOf(properties, 'principalTenantId')),
    providers: readProviders(properties['providers']),
  };
}

function readType(text: string | undefined): WantedAssignment['principalType'] {
  // What we answer for principals of other directories may come back.
  if (text === undefined || text === 'Unknown') return undefined;
  if (text === 'User' || text === 'ServicePrincipal') return text;
  throw invalid(
    'principalType',
    text,
    'it is User or ServicePrincipal; roles of groups are not known here',
  );
}

function readTenant(text: string | undefined): DirectoryTenantId | undefined {
  if (text === undefined) return undefined;
  const tenantId = parseDirectoryTenantId(text);
  if (tenantId === undefined) throw invalid('principalTenantId', text, 'it has to be a GUID');
  return tenantId;
}

function readProviders(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const names = list.filter((name) => typeof name === 'string');
  if (names.length > 0 && names.length === list.length) return names;
  throw invalid('providers', JSON.stringify(value), 'it is a list of namespaces, or left out');
}

function textOf(properties: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw invalid(name, JSON.stringify(value), 'it has to be a text');
}

function invalid(parameter: string, value: string, rule: string): Error {
  return fail('InvalidProperty', { parameter: `properties.${parameter}`, value, rule });
}
