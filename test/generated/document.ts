/** A JSON Schema without references. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

/** An answer as the document promises it. */
export interface PromisedAnswer {
  /** In lower case. */
  readonly headers: readonly string[];
  readonly contents: ReadonlyMap<string, Schema>;
}

export interface ApiOperation {
  readonly id: string;
  /** What operations have in common that are there under several paths. */
  readonly family: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly parameters: readonly Parameter[];
  readonly bodies: ReadonlyMap<string, Schema>;
  readonly bodyRequired: boolean;
  readonly answers: ReadonlyMap<number, PromisedAnswer>;
  readonly isPublic: boolean;
  readonly takesKeys: boolean;
}

interface RawOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: RawContents };
  readonly responses: Readonly<
    Record<string, { readonly headers?: object; readonly content?: RawContents }>
  >;
  readonly security: readonly object[];
}

type RawContents = Readonly<Record<string, { readonly schema: Schema }>>;

/** The operations of an OpenAPI document of ours, in its order. */
export function readDocument(text: string): readonly ApiOperation[] {
  const document = JSON.parse(text) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  };
  const { schemas } = document.components;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) =>
      toOperation(path, method, inline(described, schemas) as RawOperation),
    ),
  );
}

function toOperation(path: string, method: string, raw: RawOperation): ApiOperation {
  const answers = Object.entries(raw.responses).map(
    ([status, { headers = {}, content = {} }]) =>
      [
        Number.parseInt(status, 10),
        {
          headers: Object.keys(headers).map((name) => name.toLowerCase()),
          contents: toContents(content),
        },
      ] as const,
  );
  return {
    id: raw.operationId,
    family: raw.operationId.replace(/\d+$/, ''),
    method: method.toUpperCase(),
    path,
    tag: raw.tags[0] ?? '',
    parameters: (raw.parameters ?? []).map((one) => ({ ...one, required: one.required ?? false })),
    bodies: toContents(raw.requestBody?.content ?? {}),
    bodyRequired: raw.requestBody?.required ?? false,
    answers: new Map(answers),
    isPublic: raw.security.length === 0,
    takesKeys: raw.security.some((scheme) => 'key' in scheme),
  };
}

function toContents(contents: RawContents): ReadonlyMap<string, Schema> {
  return new Map(Object.entries(contents).map(([type, { schema }]) => [type, schema] as const));
}

const REFERENCE = /^#\/components\/schemas\/(.*)$/;

/** Puts what references name in their place. */
function inline(value: unknown, schemas: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((item) => inline(item, schemas));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) {
    const [, name = ''] = REFERENCE.exec(String(value.$ref)) ?? [];
    if (!Object.hasOwn(schemas, name)) throw new Error(`The document has no schema ${name}.`);
    return inline(schemas[name], schemas);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, inline(item, schemas)]),
  );
}
