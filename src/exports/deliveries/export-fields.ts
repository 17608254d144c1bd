import { isJsonObject } from '../../kernel/index.ts';
import {
  invalidProperty,
  readFields,
  readText,
  requireText,
  type Fields,
} from '../../platform/index.ts';
import { focusViews } from '../focus/index.ts';
import { exportFormats, isSafePath, isStoreAddress } from '../formats/index.ts';
import {
  exportDatasets,
  exportDeliveries,
  exportGranularities,
  exportLayouts,
  exportSchedules,
  exportStates,
  type ExportDefinition,
  type StoreAddress,
} from './export.ts';

type Said = Pick<
  ExportDefinition,
  | 'name'
  | 'view'
  | 'dataset'
  | 'format'
  | 'layout'
  | 'delivery'
  | 'schedule'
  | 'granularity'
  | 'state'
>;

/** What is said of an export; what is left out stays, or is as it usually is. */
export type ExportChange = { readonly [Name in keyof Said]?: Said[Name] | undefined } & {
  readonly destination?:
    | { readonly kind: 'folder'; readonly path: string | undefined }
    | ({ readonly kind: 's3'; readonly secretAccessKey: string | undefined } & StoreAddress)
    | undefined;
};

/** @throws InvalidProperty naming the field */
export function readExportChange(fields: Fields): ExportChange {
  const name = readText(fields, 'name', 100)?.trim();
  if (name === '') throw invalidProperty('name', '', 'it has to say something');
  return {
    name,
    view: oneOf(fields, 'view', focusViews),
    dataset: oneOf(fields, 'dataset', exportDatasets),
    format: oneOf(fields, 'format', exportFormats),
    layout: oneOf(fields, 'layout', exportLayouts),
    delivery: oneOf(fields, 'delivery', exportDeliveries),
    schedule: oneOf(fields, 'schedule', exportSchedules),
    granularity: oneOf(fields, 'granularity', exportGranularities),
    state: oneOf(fields, 'state', exportStates),
    destination: readDestination(fields['destination']),
  };
}

function oneOf<T extends string>(fields: Fields, name: string, words: readonly T[]): T | undefined {
  const text = readText(fields, name);
  const found = words.find((one) => one.toLowerCase() === text?.toLowerCase());
  if (text === undefined || found !== undefined) return found;
  throw invalidProperty(name, text, `it is one of ${words.join(', ')}`);
}

function readDestination(value: unknown): ExportChange['destination'] {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw invalidProperty('destination', value, 'it has to be an object');
  const fields = readFields(value);
  const kind = oneOf(fields, 'kind', ['folder', 's3'] as const);
  if (kind === 'folder') return { kind, path: readPath(fields, 'path') };
  if (kind === undefined)
    throw invalidProperty('destination.kind', undefined, 'it is folder or s3');
  const endpoint = requireText(fields, 'endpoint', 500);
  // How far it may lie depends on who says so.
  if (!isStoreAddress(endpoint, 'network')) {
    const rule = 'it is https://, or http:// on this machine, without user, query and fragment';
    throw invalidProperty('destination.endpoint', endpoint, rule);
  }
  return {
    kind,
    endpoint,
    region: word(fields, 'region', /^[a-z0-9-]{1,40}$/, 'us-east-1'),
    bucket: word(fields, 'bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    prefix: readPath(fields, 'prefix') ?? '',
    accessKeyId: word(fields, 'accessKeyId', /^[\x21-\x7e]{1,128}$/),
    secretAccessKey: readText(fields, 'secretAccessKey', 256),
  };
}

function word(fields: Fields, name: string, form: RegExp, usual?: string): string {
  const text = readText(fields, name, 500) ?? usual;
  if (text === undefined) throw invalidProperty(`destination.${name}`, text, 'it has to be given');
  if (form.test(text) && !text.includes('..')) return text;
  throw invalidProperty(`destination.${name}`, text, `it matches ${form.source}`);
}

function readPath(fields: Fields, name: string): string | undefined {
  const text = readText(fields, name, 300);
  if (text === undefined || text === '') return undefined;
  if (isSafePath(text)) return text;
  const rule = 'its parts have letters, digits, dots, underscores and hyphens, with / between them';
  throw invalidProperty(`destination.${name}`, text, rule);
}
