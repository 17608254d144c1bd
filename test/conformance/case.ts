import type { ErrorCode } from '../../src/kernel/index.ts';

/**
 * One case of the wire contract: requests in order and what each has to be answered. Plain data, so that it can be
 * run against any server. Texts may hold placeholders like `{tenantSubscription}`, filled from the configuration of
 * the run and from what earlier steps have saved; `{unique}` is another text in each run.
 */
export interface WireCase {
  readonly name: string;
  /** Needs the usage that fixture.ts writes, not just the subscriptions and clients. */
  readonly fixture?: true;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly request: WireRequest;
  readonly expect: Expectation;
  /** What later steps and cases can use, by the name of the placeholder. */
  readonly save?: Readonly<Record<string, Saved>>;
  /** Requests with bodies so long, in bytes, that are begun before this one and not ended until it is answered. */
  readonly whileHeld?: readonly number[];
}

/** A JSON pointer into the body of the answer. */
export type Pointer = `/${string}`;

export type Saved = Pointer | QueryOf | HeaderOf;

/** A header of the answer. */
export interface HeaderOf {
  /** In lower case. */
  readonly header: string;
}

/** A parameter of the query of an address in the answer. */
export interface QueryOf {
  readonly address: Pointer;
  readonly parameter: string;
}

/** Who calls: a client by its name in the configuration, with its token unless `key` or `basic` is said. */
export interface As {
  readonly client: string;
  readonly by?: 'token' | 'key' | 'basic';
}

export interface WireRequest {
  readonly method?: string;
  /** Sent as it stands, after placeholders. */
  readonly path?: string;
  /** In place of a path: an absolute address. */
  readonly address?: string;
  /** Names and values are percent-encoded; a value in `{raw: ...}` is not. */
  readonly query?: Readonly<Record<string, string | { readonly raw: string }>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: As;
  readonly body?: WireBody;
}

export type WireBody =
  /** Placeholders in it are filled. */
  | { readonly text: string; readonly encoding?: 'gzip' | 'zstd'; readonly chunked?: true }
  /** Written as JSON; placeholders in its texts are filled. */
  | { readonly json: unknown; readonly encoding?: 'gzip' | 'zstd'; readonly chunked?: true }
  /** So many bytes of spaces. */
  | { readonly spaces: number; readonly encoding?: 'gzip' | 'zstd' }
  | { readonly hex: string };

export interface Expectation {
  readonly status: number;
  /** The code in the envelope; also checks that the body is an error and nothing else. */
  readonly code?: ErrorCode;
  /** What the message of the envelope contains. */
  readonly message?: string;
  /** Exact values; null for a header that must not be there; patterns between slashes. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The whole body, byte for byte. */
  readonly text?: string;
  /** Pieces of the body as written, for what a parser of JSON would hide. */
  readonly contains?: readonly string[];
  /** The body has at least this: members that are named are compared, arrays element by element. */
  readonly json?: unknown;
  /** Members, by pointer, that must not be there. */
  readonly absent?: readonly Pointer[];
  /** How many elements the array at the pointer has. */
  readonly count?: Readonly<Record<Pointer, number>>;
  /** The text at the pointer has this form, a pattern. */
  readonly matches?: Readonly<Record<Pointer, string>>;
}

/** A status of the contract that no case can bring about, and why. */
export interface NotGiven {
  readonly status: number;
  readonly code: ErrorCode;
  readonly reason: string;
}

/** Short for a case of one step. */
export function one(name: string, request: WireRequest, expect: Expectation): WireCase {
  return { name, steps: [{ request, expect }] };
}

/** Short for a case of one step that needs the fixture. */
export function onFixture(name: string, request: WireRequest, expect: Expectation): WireCase {
  return { name, fixture: true, steps: [{ request, expect }] };
}
