/** A request that was refused, or had no answer, with what to tell about it. */
export class ApiError extends Error {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** From the catalogue of errors, such as InvoiceNotFound. */
  readonly code: string;
  /** By which the server's log knows the request. */
  readonly requestId: string | undefined;

  constructor(
    status: number,
    { code, message, requestId }: { code: string; message: string; requestId?: string | undefined },
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }

  /** Whether it is the same as if there were no such thing. */
  get isNotFound(): boolean {
    return this.status === 404;
  }

  /** Whether the same request may well succeed later. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Reads the envelope of an error; an answer of something on the way may have none. */
export async function errorOf(answer: Response): Promise<ApiError> {
  const requestId = answer.headers.get('x-ms-request-id') ?? undefined;
  const body: unknown = await answer.json().catch(() => undefined);
  const { code, message } = readEnvelope(body);
  return new ApiError(answer.status, {
    code: code ?? `Http${answer.status}`,
    message: message ?? answer.statusText,
    requestId,
  });
}

function readEnvelope(body: unknown): { code?: string; message?: string } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return {};
  const { error } = body;
  if (typeof error !== 'object' || error === null) return {};
  return {
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...('message' in error && typeof error.message === 'string' && { message: error.message }),
  };
}
