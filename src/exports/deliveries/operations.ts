import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type Schema,
} from '../../platform/index.ts';
import { ownedOperations, skipToken } from '../../commerce/accounts/index.ts';
import { focusViews } from '../focus/index.ts';
import { exportFormats } from '../formats/index.ts';
import {
  exportDatasets,
  exportDeliveries,
  exportGranularities,
  exportLayouts,
  exportSchedules,
  exportStates,
} from './export.ts';
import { runStates } from './run-store.ts';

const { text, guid, time } = plainSchemas;

const store = {
  kind: { enum: ['folder', 's3'] },
  path: { ...text, description: 'Below the folder for exports; the operator alone chooses it.' },
  endpoint: {
    type: 'string',
    format: 'uri',
    description:
      'https, at an address of the public internet; the operator alone chooses others, and http on this machine.',
  },
  region: { ...text, default: 'us-east-1' },
  bucket: text,
  prefix: text,
  accessKeyId: text,
} satisfies Readonly<Record<string, Schema>>;
const destination: Schema = {
  type: 'object',
  required: ['kind'],
  description: 'A folder of this server, or a bucket of a store that speaks S3.',
  properties: store,
};
const secretAccessKey = { ...text, writeOnly: true, description: 'Kept, and never told.' };

const said = {
  name: { type: 'string', maxLength: 100 },
  view: { enum: [...focusViews], description: 'What the account bought, or what it sold.' },
  dataset: { enum: [...exportDatasets] },
  format: { enum: [...exportFormats], default: 'csv' },
  layout: { enum: [...exportLayouts], default: 'plain' },
  delivery: { enum: [...exportDeliveries], default: 'overwrite' },
  schedule: { enum: [...exportSchedules], default: 'none' },
  granularity: { enum: [...exportGranularities], description: 'Of a usage summary.' },
  state: { enum: [...exportStates] },
} satisfies Readonly<Record<string, Schema>>;

const definition = named('Export', {
  type: 'object',
  required: ['exportId', 'accountId', 'name', 'dataset', 'format', 'destination', 'state'],
  properties: {
    exportId: guid,
    accountId: guid,
    ...said,
    destination,
    nextRunAt: time,
    createdAt: time,
  },
});
const wanted = {
  type: 'object',
  properties: {
    accountId: guid,
    ...said,
    destination: {
      ...destination,
      properties: { ...store, secretAccessKey },
    },
  },
};

const file = {
  type: 'object',
  required: ['name', 'path', 'rows', 'bytes', 'sha256'],
  properties: {
    name: { ...text, description: 'By which it is downloaded.' },
    path: { ...text, description: 'Below the destination.' },
    table: text,
    rows: { type: 'integer' },
    bytes: { type: 'integer' },
    sha256: text,
  },
};
const runProperties = {
  runId: guid,
  exportId: guid,
  cause: { enum: ['schedule', 'request'] },
  state: { enum: [...runStates] },
  wanted: { type: 'array', items: text },
  partitions: { type: 'array', items: text },
  delivered: { type: 'integer', description: 'Partitions that are there with their manifest.' },
  rows: { type: 'string', description: 'Rows so far.' },
  attempts: { type: 'integer' },
  nextAttemptAt: time,
  problemCode: text,
  problem: text,
  createdAt: time,
  finishedAt: time,
};
const run = named('ExportRun', {
  type: 'object',
  required: ['runId', 'exportId', 'state', 'delivered', 'rows', 'createdAt'],
  properties: runProperties,
});
const runWithFiles = named('ExportRunWithFiles', {
  type: 'object',
  required: ['runId', 'exportId', 'state', 'delivered', 'rows', 'createdAt', 'files'],
  properties: { ...runProperties, files: { type: 'array', items: file } },
});

const common = { tag: 'exports', access: 'token' } as const;

/** What the routes of exports tell of themselves. */
export const exportOperations = {
  ...ownedOperations({
    name: 'Export',
    noun: 'export',
    common,
    notFound: 'ExportNotFound',
    schema: definition,
    wanted,
    told: {
      list: 'Exports of costs and usage',
      put: '',
      remove: 'Forgets an export and its runs',
      removed: 'A folder of its own goes with it; files elsewhere stay where they are.',
    },
  }),
  run: {
    ...common,
    id: 'runExport',
    summary: 'Exports now',
    body: {
      required: false,
      contents: json({
        type: 'object',
        properties: {
          periods: {
            type: 'array',
            maxItems: 100,
            items: text,
            description:
              'Partitions by name, such as 202610-1; all that have changed unless given.',
          },
        },
      }),
    },
    answers: { 202: { description: 'It begins within a minute.', contents: json(run) } },
    errors: ['ExportNotFound', 'Conflict'],
  },
  runs: {
    ...common,
    id: 'listExportRuns',
    summary: 'What was exported, and what is under way',
    parameters: [skipToken],
    answers: { 200: listAnswer('The newest first.', run) },
    errors: ['ExportNotFound'],
  },
  showRun: {
    ...common,
    id: 'getExportRun',
    summary: 'One run with its files',
    answers: { 200: { description: 'It.', contents: json(runWithFiles) } },
    errors: ['ExportNotFound', 'ExportRunNotFound'],
  },
  download: {
    ...common,
    id: 'downloadExportFile',
    summary: 'A file of a run that went to a folder of this server',
    answers: {
      200: {
        description: 'Its bytes.',
        contents: { 'application/octet-stream': { type: 'string', format: 'binary' } },
      },
    },
    errors: ['ExportNotFound', 'ExportRunNotFound', 'ExportFileNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
