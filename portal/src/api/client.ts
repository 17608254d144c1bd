import type { Session } from '../auth/session.ts';
import { ApiError, errorOf } from './error.ts';

/** What stands after `?`: a text, several of the same name, or nothing where it is undefined. */
export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

export interface RequestOptions {
  readonly query?: Query | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A file that was fetched. */
export interface FetchedFile {
  readonly content: Blob;
  /** As the server names it. */
  readonly name: string | undefined;
}

/**
 * Asks the service. Each call gives what was answered as JSON, or throws an ApiError.
 *
 * Paths begin with `/`; so do those of a `nextLink`, of which only path and query are used, so that a token is
 * never sent elsewhere.
 */
export interface Api {
  readonly get: <T>(path: string, options?: RequestOptions) => Promise<T>;
  readonly post: <T>(path: string, body?: unknown, options?: RequestOptions) => Promise<T>;
  readonly put: <T>(path: string, body?: unknown, options?: RequestOptions) => Promise<T>;
  readonly patch: <T>(path: string, body?: unknown, options?: RequestOptions) => Promise<T>;
  readonly delete: <T>(path: string, options?: RequestOptions) => Promise<T>;
  readonly file: (path: string, options?: RequestOptions) => Promise<FetchedFile>;
}

export function createApi(session: Session): Api {
  const ask = (method: string, path: string, body: unknown, options: RequestOptions = {}) =>
    send(session, { method, path, body, ...options });
  const read = async <T>(answer: Promise<Response>): Promise<T> => readJson(await answer);
  return {
    get: (path, options) => read(ask('GET', path, undefined, options)),
    post: (path, body, options) => read(ask('POST', path, body, options)),
    put: (path, body, options) => read(ask('PUT', path, body, options)),
    patch: (path, body, options) => read(ask('PATCH', path, body, options)),
    delete: (path, options) => read(ask('DELETE', path, undefined, options)),
    file: async (path, options) => {
      const answer = await ask('GET', path, undefined, options);
      return { content: await answer.blob(), name: fileNameOf(answer) };
    },
  };
}

interface Sent extends RequestOptions {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function send(session: Session, request: Sent): Promise<Response> {
  const first = await sendOnce(request, await session.token());
  if (first.status !== 401) return checked(first);
  const second = await sendOnce(request, await session.renew());
  return second.status === 401 ? session.signIn() : checked(second);
}

async function sendOnce(request: Sent, token: string): Promise<Response> {
  const { method, path, query, body, signal, headers } = request;
  const content = body instanceof Blob ? body : JSON.stringify(body);
  const type = body instanceof Blob ? body.type : 'application/json';
  try {
    return await fetch(new URL(addressOf(path, query), location.origin), {
      method,
      signal: signal ?? null,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json, */*;q=0.5',
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && { body: content }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, { code: 'NoAnswer', message: 'The server does not answer.' });
  }
}

async function checked(answer: Response): Promise<Response> {
  if (!answer.ok) throw await errorOf(answer);
  return answer;
}

async function readJson<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the interface describes, of which the pages name what they read
  return value as T;
}

/** The address of a path on this server, whatever server a link names. */
export function addressOf(path: string, query: Query = {}): string {
  const target = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      target.searchParams.append(name, String(one));
    }
  }
  return `${target.pathname}${target.search}`;
}

function fileNameOf(answer: Response): string | undefined {
  const header = answer.headers.get('content-disposition') ?? '';
  return /filename="([^"]+)"/.exec(header)?.[1];
}
