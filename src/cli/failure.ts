import { catalogue, StackmeterError } from '../kernel/index.ts';

/** How a failure is told. */
export interface FailureStyle {
  readonly json: boolean;
  /** with the stack, for those who look for the fault in the program */
  readonly debug: boolean;
}

/** A failure in words for people, or as the same JSON that the interfaces answer with. */
export function describeFailure(error: unknown, { json, debug }: FailureStyle): string {
  const { code, message, details, advice } = partsOf(error);
  const stack = debug && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  if (json) {
    const more = details.length > 0 ? { details } : {};
    return `${stack}${JSON.stringify({ error: { code, message, ...more } })}\n`;
  }
  const lines = [message, ...details.map((detail) => detail.message), advice];
  return `${stack}stackmeter: ${lines.filter((line) => line !== '').join('\n  ')}\n`;
}

interface Parts {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  readonly details: readonly { readonly code: string; readonly message: string }[];
}

function partsOf(error: unknown): Parts {
  if (error instanceof StackmeterError) {
    const { code, message, details } = error;
    return { code, message, details, advice: catalogue[code].advice };
  }
  return {
    code: 'InternalServerError',
    message: error instanceof Error && error.message !== '' ? error.message : String(error),
    advice: 'Run the command again with --log-level debug to see where this comes from.',
    details: [],
  };
}
