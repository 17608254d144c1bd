import { fail, isGuid } from '../../kernel/index.ts';

/** What is left out of a list of role assignments. */
export interface AssignmentFilter {
  /** Nothing below the scope, only what is there and what reaches it from above. */
  readonly atScope: boolean;
  /** Of this principal only; a GUID in lower case. */
  readonly principalId: string | undefined;
}

/** What is left out of a list of role definitions. */
export interface DefinitionFilter {
  /** In lower case. */
  readonly title: string | undefined;
  /** Whether anything can be left: there are built-in roles only. */
  readonly builtIn: boolean;
}

const AT_SCOPE = /^atScope\(\)$/i;
const AT_SCOPE_AND_BELOW = /^atScopeAndBelow\(\)$/i;
// Both mean the same here, where nobody has a role through a group.
const PRINCIPAL = [/^principalId\s+eq\s+'([^']*)'$/i, /^assignedTo\('([^']*)'\)$/i];
const ROLE_NAME = /^roleName\s+eq\s+'((?:[^']|'')*)'$/i;
const TYPE = /^type\s+eq\s+'([^']*)'$/i;

/**
 * Reads the $filter of a list of role assignments.
 *
 * @throws InvalidProperty for a term that is not known, or the same one twice
 */
export function readAssignmentFilter(text: string | undefined): AssignmentFilter {
  let filter: AssignmentFilter = { atScope: false, principalId: undefined };
  for (const term of termsOf(text)) {
    const principal = PRINCIPAL.flatMap((pattern) => pattern.exec(term)?.[1] ?? [])[0];
    if (AT_SCOPE.test(term)) filter = { ...filter, atScope: true };
    else if (principal !== undefined && isGuid(principal) && filter.principalId === undefined) {
      filter = { ...filter, principalId: principal.toLowerCase() };
    } else throw invalid(text, "terms are atScope(), principalId eq '{id}', assignedTo('{id}')");
  }
  return filter;
}

/**
 * Reads the $filter of a list of role definitions.
 *
 * @throws InvalidProperty for a term that is not known
 */
export function readDefinitionFilter(text: string | undefined): DefinitionFilter {
  let filter: DefinitionFilter = { title: undefined, builtIn: true };
  for (const term of termsOf(text)) {
    const [, title] = ROLE_NAME.exec(term) ?? [];
    const [, type] = TYPE.exec(term) ?? [];
    if (title !== undefined)
      filter = { ...filter, title: title.replaceAll("''", "'").toLowerCase() };
    else if (type !== undefined) filter = { ...filter, builtIn: /^builtinrole$/i.test(type) };
    else if (!AT_SCOPE_AND_BELOW.test(term)) {
      throw invalid(text, "terms are roleName eq '{name}', type eq '{type}', atScopeAndBelow()");
    }
  }
  return filter;
}

function termsOf(text: string | undefined): string[] {
  return text === undefined ? [] : text.trim().split(/\s+and\s+/i);
}

function invalid(text: string | undefined, rule: string): Error {
  return fail('InvalidProperty', { parameter: '$filter', value: text ?? '', rule });
}
