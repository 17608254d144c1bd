import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { fail } from '../../kernel/index.ts';

const parsed = new WeakMap<IncomingMessage, ReadonlyMap<string, string>>();

function queryText(request: FastifyRequest): string {
  const url = request.raw.url ?? '';
  const from = url.indexOf('?');
  return from === -1 ? '' : url.slice(from + 1);
}

/**
 * The parameters of the query by name in lower case, since clients spell them in any case. A
 * parameter that is sent empty counts as absent (usage interface contract: clients send empty
 * filters). Values are decoded as forms are, a raw `+` giving a space; the readers of times know
 * about that.
 *
 * @throws InvalidProperty when a parameter occurs twice, since one of the two would be ignored
 */
export function queryParameters(request: FastifyRequest): ReadonlyMap<string, string> {
  const known = parsed.get(request.raw);
  if (known) return known;
  const seen = new Set<string>();
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(queryText(request))) {
    const key = name.toLowerCase();
    if (seen.has(key)) {
      throw fail('InvalidProperty', {
        value,
        parameter: name,
        rule: 'the parameter may be given once only',
      });
    }
    seen.add(key);
    if (value !== '') parameters.set(key, value);
  }
  parsed.set(request.raw, parameters);
  return parameters;
}
