import type { FastifyRequest } from 'fastify';
import type { StackmeterError } from '../../kernel/index.ts';

/** Says more of a path that leads nowhere than that, or nothing. What it throws is answered. */
export type Explain = (request: FastifyRequest) => Promise<StackmeterError | undefined>;

/** What is said of paths that lead nowhere. */
export interface Unmatched {
  /** From now on this is asked, after those that were registered before. */
  register(explain: Explain): void;
  /** Hands `done` the first explanation, what one of them throws, or `otherwise`. */
  explain(
    request: FastifyRequest,
    otherwise: StackmeterError,
    done: (error: Error) => void,
  ): Promise<void>;
}

/** Answers to paths that no route takes. Their bodies are not read. */
export function createUnmatched(): Unmatched {
  const explanations: Explain[] = [];
  return {
    register: (explain) => {
      explanations.push(explain);
    },
    explain: async (request, otherwise, done) => {
      let answer: Error | undefined;
      try {
        for (const explain of explanations) answer ??= await explain(request);
      } catch (error) {
        answer = error instanceof Error ? error : new Error('no explanation', { cause: error });
      }
      done(answer ?? otherwise);
    },
  };
}
