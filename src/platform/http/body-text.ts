import type { FastifyRequest } from 'fastify';
import { fail, type StackmeterError } from '../../kernel/index.ts';

/**
 * Why a body of JSON is refused whatever it is for: some text in it holds U+0000, which the database
 * takes in no text. Undefined when none does, or when the body is not JSON.
 */
export function textProblem({ body }: FastifyRequest): StackmeterError | undefined {
  if (!holdsNul(body)) return undefined;
  return fail('InvalidRequestContent', { reason: 'a text in it holds the character U+0000' });
}

/** Goes through everything without recursion: a body may be nested as deep as it is long. */
function holdsNul(body: unknown): boolean {
  const left = [body];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string' && value.includes('\0')) return true;
    if (Array.isArray(value)) for (const each of value) left.push(each);
    else if (isPlain(value)) {
      for (const [name, each] of Object.entries(value)) left.push(name, each);
    }
  }
  return false;
}

/** As the parser of JSON makes them; a body that is a stream or a form is somebody else's to look at. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
