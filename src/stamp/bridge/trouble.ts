import { fail, isJsonObject, StackmeterError, type HourNumber } from '../../kernel/index.ts';
import { windowName } from '../../reporting/index.ts';

/** What commerce may ask for at most. */
export const LONGEST_WAIT_MS = 3_600_000;

/** What came between. The database keeps these names. */
export type TroubleKind =
  /** Commerce was not reached, or what answered made no sense. */
  | 'unreachable'
  /** Commerce said no to what was sent. */
  | 'refused'
  /** The registration takes no usage until somebody does something: it expired, was reset or removed. */
  | 'ended'
  /** Reporting is off on purpose. */
  | 'off'
  /** What this stamp has is not fit to be sent. */
  | 'unfit'
  /** Something failed on this side. */
  | 'internal';

/** Why an exchange with commerce did not come to its end. */
export class Trouble extends Error {
  readonly kind: TroubleKind;
  /** The code that commerce gave, or ours. */
  readonly code: string;
  /** Not to be tried again for so long, as commerce asked. */
  readonly retryAfterMs: number;

  constructor(
    kind: TroubleKind,
    code: string,
    message: string,
    more: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Trouble';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = more.retryAfterMs ?? 0;
  }
}

/** The stamp is activated otherwise by now, or not at all: what was begun under the activation before is at its end. */
export class ActivationChanged extends Error {
  constructor() {
    super('the activation was changed');
    this.name = 'ActivationChanged';
  }
}

/** With these commerce takes nothing until somebody does something, and asking often would not help. */
const ENDING = new Set(['RegistrationExpired', 'UsageReportingOff', 'RegistrationNotFound']);
const PASSING = new Set([408, 425, 429]);
const LONGEST_MESSAGE = 500;

/** An answer that is not what was asked for. Only what is said in commerce's own form is said by commerce. */
export function troubleOfAnswer(answer: {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number;
}): Trouble {
  const { status, retryAfterMs } = answer;
  const said = errorIn(answer.text);
  if (said === undefined) {
    const message = `the answer was ${status}, and not in the form of commerce`;
    return new Trouble('unreachable', 'CommerceUnreachable', message, { retryAfterMs });
  }
  if (status >= 500 || status < 400 || PASSING.has(status)) {
    const message = `the answer was ${status}, ${said.code}: ${said.message}`;
    return new Trouble('unreachable', said.code, message, { retryAfterMs });
  }
  const kind = ENDING.has(said.code) ? 'ended' : 'refused';
  return new Trouble(kind, said.code, said.message, { retryAfterMs });
}

function errorIn(text: string): { code: string; message: string } | undefined {
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
  return undefined;
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

/** What is here of a window is not as it has to be, and is not reported until it is. */
export function unfit(window: HourNumber, reason: string): Trouble {
  return unfitBy(fail('ReportedWindowUnfit', { window: windowName(window), reason }));
}

/** The rows of a window are gone before they were reported. */
export function pastRetention(window: HourNumber): Trouble {
  return unfitBy(fail('ReportedWindowExpired', { window: windowName(window) }));
}

function unfitBy(cause: StackmeterError): Trouble {
  return new Trouble('unfit', cause.code, cause.message, { cause });
}

/** What callers of our own interfaces are told. */
export function toStackmeterError(error: unknown, url: string): Error {
  if (error instanceof ActivationChanged) return fail('Conflict', { reason: error.message });
  if (!(error instanceof Error)) return new Error(String(error));
  if (!(error instanceof Trouble)) return error;
  // What is wrong here is no fault of commerce.
  if (error.cause instanceof StackmeterError) return error.cause;
  if (error.kind === 'unfit' || error.kind === 'internal') return error;
  const said = error.message.replace(/\.+$/, '');
  const isSaid = error.kind !== 'unreachable';
  const reason = isSaid ? `it refused: ${error.code}, ${said}` : said;
  return fail('CommerceUnreachable', { url, reason }, { cause: error });
}

/** The kind, code and message that are noted of whatever went wrong. */
export function describeTrouble(
  error: unknown,
  url: string,
): { readonly kind: TroubleKind; readonly code: string; readonly message: string } {
  if (error instanceof Trouble && error.kind !== 'unreachable') {
    return { kind: error.kind, code: error.code, message: error.message };
  }
  const told = toStackmeterError(error, url);
  const code = told instanceof StackmeterError ? told.code : 'InternalServerError';
  const kind = error instanceof Trouble ? error.kind : 'internal';
  return { kind, code, message: told.message.slice(0, LONGEST_MESSAGE) };
}
