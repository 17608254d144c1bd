import {
  fail,
  parseMeterId,
  parseUnitKind,
  unitKinds,
  type MeterId,
  type UnitKind,
} from '../../kernel/index.ts';
import type { MeterUnitKind, OperatorMeter } from './meter.ts';
import { referenceMeters } from './reference-meters.ts';

const LONGEST_NAME = 128;
const LONGEST_UNIT = 64;
const LONGEST_NAMESPACE = 128;

/** A GUID is also of this form, so one pattern holds both. */
const ownId = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/;

/** Words with dots between, such as `Example.Backup`. */
const namespace = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*$/;

const unprintable = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Reads a meter that an operator adds: `id`, `name`, `unit` and `resourceProvider`, and if wanted `unitKind` and
 * `category`. Without `unitKind` it follows from the unit where a known meter has the same one, else it is `other`;
 * without `category` it is the provider's namespace.
 *
 * Whether the id is already taken is for the caller to ask of the catalogue.
 *
 * @param input the parsed JSON body; nothing about it is trusted
 * @throws StackmeterError InvalidProperty naming the property, what it held and what it may hold
 */
export function parseOperatorMeter(input: unknown): OperatorMeter {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid('meter', input, 'a JSON object with id, name, unit and resourceProvider');
  }
  const fields: Readonly<Record<string, unknown>> = { ...input };
  const resourceProvider = readNamespace(fields['resourceProvider']);
  const unit = readText(fields, 'unit', LONGEST_UNIT);
  return {
    id: readId(fields['id']),
    name: readText(fields, 'name', LONGEST_NAME),
    unit,
    unitKind: readUnitKind(fields['unitKind'], unit),
    resourceProvider,
    category:
      fields['category'] === undefined
        ? resourceProvider
        : readText(fields, 'category', LONGEST_NAME),
    origin: 'operator',
  };
}

function readId(value: unknown): MeterId {
  // parseMeterId refuses a space at the end: it would make two ids that look the same
  const id = typeof value === 'string' && ownId.test(value) ? parseMeterId(value) : undefined;
  if (id === undefined) {
    throw invalid(
      'id',
      value,
      'a GUID, or 1 to 64 letters, digits, spaces, dots, underscores and hyphens that begin with a letter or digit and do not end with a space',
    );
  }
  return id;
}

function readText(
  fields: Readonly<Record<string, unknown>>,
  property: string,
  longest: number,
): string {
  const value = fields[property];
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || text.length > longest || unprintable.test(text) || !text.isWellFormed()) {
    throw invalid(property, value, `1 to ${longest} printable characters`);
  }
  return text;
}

function readNamespace(value: unknown): string {
  if (typeof value !== 'string' || value.length > LONGEST_NAMESPACE || !namespace.test(value)) {
    throw invalid(
      'resourceProvider',
      value,
      'a provider namespace: words of letters and digits with dots between, such as Example.Backup',
    );
  }
  return value;
}

function readUnitKind(value: unknown, unit: string): MeterUnitKind {
  if (value === undefined) return parseUnitKind(unit) ?? kindOfUnit(unit) ?? 'other';
  const kind = typeof value === 'string' ? parseUnitKind(value) : undefined;
  if (kind !== undefined) return kind;
  if (value === 'other') return 'other';
  throw invalid('unitKind', value, `one of ${unitKinds.join(', ')} and other`);
}

/** The kind that all known meters with this unit share; undefined when they differ or there is none. */
function kindOfUnit(unit: string): UnitKind | undefined {
  const wanted = unit.toLowerCase();
  const found = new Set<UnitKind>();
  for (const meter of referenceMeters) {
    if (meter.unit.toLowerCase() === wanted) found.add(meter.unitKind);
  }
  const [kind] = found;
  return found.size === 1 ? kind : undefined;
}

function invalid(property: string, value: unknown, expected: string): Error {
  return fail('InvalidProperty', {
    parameter: property,
    value: shown(value),
    rule: `it must be ${expected}`,
  });
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
