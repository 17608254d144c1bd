import { fail, isJsonObject, StackmeterError } from '../../kernel/index.ts';

/**
 * What came between: commerce was not reached or made no sense; it said no; it takes no usage at present; or what this
 * stamp has is not fit to be sent.
 */
export type TroubleKind = 'unreachable' | 'refused' | 'paused' | 'fault';

/** Why an exchange with commerce did not come to its end. */
export class Trouble extends Error {
  readonly kind: TroubleKind;
  /** The code that commerce gave, or ours. */
  readonly code: string;
  readonly status: number | undefined;
  /** Not to be tried again for so long, as commerce asked. */
  readonly retryAfterMs: number;

  constructor(
    kind: TroubleKind,
    code: string,
    message: string,
    more: {
      readonly status?: number;
      readonly retryAfterMs?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Trouble';
    this.kind = kind;
    this.code = code;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs ?? 0;
  }
}

/** With these commerce takes nothing until somebody does something, and asking often would not help. */
const PAUSING = new Set(['RegistrationExpired', 'UsageReportingOff', 'RegistrationNotFound']);
const PASSING = new Set([408, 425, 429]);
const LONGEST_MESSAGE = 500;

/** An answer that is not what was asked for. */
export function troubleOfAnswer(answer: {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number;
}): Trouble {
  const { status, retryAfterMs } = answer;
  const { code, message } = errorIn(answer.text, status);
  const kind =
    status >= 500 || status < 400 || PASSING.has(status)
      ? 'unreachable'
      : PAUSING.has(code)
        ? 'paused'
        : 'refused';
  return new Trouble(kind, code, message, { status, retryAfterMs });
}

function errorIn(text: string, status: number): { code: string; message: string } {
  const body = parseJson(text);
  const error = isJsonObject(body) ? body['error'] : undefined;
  if (isJsonObject(error)) {
    const { code, message } = error;
    if (typeof code === 'string' && typeof message === 'string') {
      return { code: code.slice(0, 100), message: message.slice(0, LONGEST_MESSAGE) };
    }
  }
  // The form of the token endpoint.
  const reason = isJsonObject(body) ? body['error_description'] : undefined;
  if (typeof error === 'string' && typeof reason === 'string') {
    return { code: error.slice(0, 100), message: reason.slice(0, LONGEST_MESSAGE) };
  }
  return { code: 'CommerceUnreachable', message: `it answered ${status}` };
}

/** @returns undefined for what is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer of the right status that cannot be what commerce says. */
export function nonsense(reason: string): Trouble {
  return new Trouble('unreachable', 'CommerceUnreachable', `its answer makes no sense: ${reason}`);
}

/** What callers of our own interfaces are told. */
export function toStackmeterError(error: unknown, url: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  // What is wrong here is no fault of commerce.
  if (!(error instanceof Trouble) || error.kind === 'fault') return error;
  const reason =
    error.kind === 'unreachable' || error.code === 'CommerceUnreachable'
      ? error.message
      : `it refused: ${error.code}, ${error.message}`;
  return fail('CommerceUnreachable', { url, reason }, { cause: error });
}

/** The code and message that are noted of whatever went wrong. */
export function describeTrouble(error: unknown, url: string): { code: string; message: string } {
  if (error instanceof Trouble && error.kind !== 'unreachable') {
    return { code: error.code, message: error.message };
  }
  const told = toStackmeterError(error, url);
  const code = told instanceof StackmeterError ? told.code : 'InternalServerError';
  return { code, message: told.message.slice(0, LONGEST_MESSAGE) };
}
