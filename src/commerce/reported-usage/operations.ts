import { json, named, type Operation, type Schema } from '../../platform/index.ts';

const TAG = 'reported usage';

const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };
const windowText: Schema = { type: 'string', examples: ['2026-11-23T10Z'] };
const hex: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const time: Schema = { type: 'string', format: 'date-time' };
const maybeTime: Schema = { type: ['string', 'null'], format: 'date-time' };
const meterSums: Schema = {
  type: 'array',
  description: 'Meter id in lower case, rows, quantity as decimal text; by meter id.',
  items: { type: 'array', minItems: 3, maxItems: 3 },
};

const progress = named('ReportedUsageProgress', {
  type: 'object',
  required: ['registrationId', 'status', 'nextWindow', 'periods'],
  properties: {
    registrationId: { type: 'string', format: 'uuid' },
    resourceId: text,
    cloudId: { type: 'string', format: 'uuid' },
    status: { enum: ['Registered', 'Expired', 'Reset', 'Removed'] },
    billingModel: text,
    usageReporting: { type: 'boolean' },
    marketplaceSyndication: { type: 'boolean' },
    expiration: { ...maybeTime, description: 'Null: never.' },
    etag: text,
    nextWindow: {
      ...windowText,
      type: ['string', 'null'],
      description: 'What has to be sent next; null when nothing is taken.',
    },
    periods: {
      type: 'array',
      description: 'From which window to which usage was or is reported.',
      items: {
        type: 'object',
        properties: {
          fromWindow: windowText,
          nextWindow: windowText,
          startedAt: time,
          endedAt: maybeTime,
          endReason: { enum: ['ReportingOff', 'Removed', null] },
        },
      },
    },
  },
});

const batch = named('ReportedBatch', {
  type: 'object',
  required: ['version', 'window', 'sequence', 'resources', 'rows'],
  properties: {
    version: { const: 1 },
    window: windowText,
    sequence: { type: 'integer', minimum: 1 },
    resources: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      description:
        'Subscription, its directory tenant, resource URI, location, tags, additional information.',
      items: { type: 'array', minItems: 6, maxItems: 6, items: text },
    },
    rows: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      description:
        'Number of the resource from 0, meter id, hour of use since 1970, quantity as decimal text.',
      items: { type: 'array', minItems: 4, maxItems: 4 },
    },
  },
});

const receivedBatch = named('ReceivedBatch', {
  type: 'object',
  properties: { window: windowText, sequence: count, rows: count, digest: hex },
});

const manifest = named('ReportedManifest', {
  type: 'object',
  required: ['version', 'window', 'batches', 'rows', 'digest', 'meters'],
  properties: {
    version: { const: 1 },
    window: windowText,
    batches: count,
    rows: count,
    digest: hex,
    meters: meterSums,
  },
});

const receipt = named('ReportedWindowReceipt', {
  type: 'object',
  properties: {
    registrationId: text,
    window: windowText,
    acceptedAt: time,
    previousHash: hex,
    hash: hex,
    kid: text,
    signature: { ...text, description: 'Ed25519, base64url.' },
  },
});

const accepted = named('AcceptedWindow', {
  type: 'object',
  properties: {
    window: windowText,
    batches: count,
    rows: count,
    digest: hex,
    meters: meterSums,
    acceptedAt: time,
    previousHash: hex,
    hash: hex,
  },
});

const statement = named('UsageStatement', {
  type: 'object',
  properties: {
    version: { const: 1 },
    registrationId: text,
    cloudId: text,
    issuedAt: time,
    windows: { type: 'array', items: accepted },
    publicKey: { type: 'object' },
    signature: text,
  },
});

const range = [
  {
    name: 'from',
    in: 'query',
    description:
      'First window, by name (2026-11-23T10Z) or start; a month before the end if left out.',
    schema: text,
  },
  {
    name: 'to',
    in: 'query',
    description: 'Window before which the range ends; after the last accepted one if left out.',
    schema: text,
  },
] as const;

const common = { tag: TAG, access: 'token' } as const;
/** Whoever reports has limits of its own: the order of windows. */
const sending = { ...common, budget: 'none' } as const;

const notTaken = [
  'RegistrationNotFound',
  'RegistrationExpired',
  'UsageReportingOff',
  'ReportedWindowGap',
  'ReportedWindowInFuture',
  'InvalidReport',
] as const;

/** What the routes of reported usage tell of themselves. */
export const reportedUsageOperations = {
  progress: {
    ...sending,
    id: 'getReportedUsageProgress',
    summary: 'How far a stamp has reported, and whether it may go on',
    description: 'Also while the registration is expired, off, reset or removed.',
    answers: { 200: { description: 'It.', contents: json(progress) } },
    errors: ['RegistrationNotFound'],
  },
  putBatch: {
    ...sending,
    id: 'putReportedBatch',
    summary: 'Takes up to a thousand rows of the window that comes next',
    description:
      'The body may be compressed with zstd or gzip. The same batch once more changes nothing.',
    body: { required: true, contents: json(batch) },
    answers: {
      200: { description: 'It was taken before.', contents: json(receivedBatch) },
      201: { description: 'It is taken.', contents: json(receivedBatch) },
    },
    errors: [...notTaken, 'ReportedBatchAltered', 'PayloadTooLarge'],
  },
  putManifest: {
    ...sending,
    id: 'putReportedWindow',
    summary: 'Accepts a window, when what came is what its manifest says',
    description: 'The same manifest once more gives the same receipt.',
    body: { required: true, contents: json(manifest) },
    answers: {
      200: { description: 'It was accepted before.', contents: json(receipt) },
      201: { description: 'It is accepted, for good.', contents: json(receipt) },
    },
    errors: [...notTaken, 'ManifestMismatch', 'PayloadTooLarge'],
  },
  startOver: {
    ...sending,
    id: 'deleteReportedWindow',
    summary: 'Takes back what was sent of a window that is not accepted',
    answers: { 204: { description: 'Nothing of it is here.' } },
    errors: notTaken,
  },
  putCredential: {
    ...sending,
    id: 'putReportingCredential',
    summary: 'Gives the stamp a new key, or ends the one before',
    description:
      'The key before stays valid until the new one is confirmed: a token of a key that is known already ends all others.',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['registrationToken'],
        properties: { registrationToken: { ...text, description: 'Made with the new key.' } },
      }),
    },
    answers: {
      200: {
        description: 'The key is known.',
        contents: json({ type: 'object', properties: { thumbprint: text } }),
      },
    },
    errors: ['RegistrationNotFound', 'InvalidRegistrationToken', 'UsageReportingOff'],
  },
  windows: {
    ...sending,
    id: 'listAcceptedWindows',
    summary: 'The windows that were accepted of a stamp',
    description: 'At most 2,208 at once.',
    parameters: range,
    answers: {
      200: {
        description: 'Those of the range, in order.',
        contents: json({
          type: 'object',
          properties: { windows: { type: 'array', items: accepted } },
        }),
      },
    },
    errors: ['RegistrationNotFound'],
  },
  statement: {
    ...sending,
    id: 'getUsageStatement',
    summary: 'A signed statement of what was accepted of a stamp',
    description: 'At most 2,208 windows at once. Can be verified by anybody, offline.',
    parameters: range,
    answers: { 200: { description: 'The statement.', contents: json(statement) } },
    errors: ['RegistrationNotFound'],
  },
  totals: {
    ...sending,
    id: 'getReportedTotals',
    summary: 'Sums of what was accepted of a stamp, by day, subscription and meter',
    description: 'At most 366 days at once.',
    parameters: range,
    answers: {
      200: {
        description: 'In the order of day, subscription, meter.',
        contents: json({
          type: 'object',
          properties: {
            totals: {
              type: 'array',
              description:
                'Reported day, subscription of the stamp, meter in lower case, rows, quantity, quantity on the subscription of the registration, quantity that costs nothing.',
              items: { type: 'array', minItems: 7, maxItems: 7 },
            },
          },
        }),
      },
    },
    errors: ['RegistrationNotFound'],
  },
  keys: {
    id: 'listStatementKeys',
    tag: TAG,
    summary: 'The public keys of receipts, statements and activation keys',
    access: 'public',
    answers: {
      200: {
        description: 'JSON Web Keys, each with its kid.',
        contents: json({
          type: 'object',
          properties: { keys: { type: 'array', items: { type: 'object' } } },
        }),
      },
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;
