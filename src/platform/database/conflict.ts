import { fail } from '../../kernel/index.ts';

/** Two changes that refer to each other, made at the same time: the database lets one through. */
const CROSSED = new Set(['23503', '23505']);

/** @throws Conflict where the database found that another change came between */
export async function orConflict<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!CROSSED.has(code)) throw error;
    const reason = 'another change came between';
    throw fail('Conflict', { reason }, { cause: error });
  }
}
