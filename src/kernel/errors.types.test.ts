import type { ErrorCode } from './errors.ts';
import { fail } from './errors.ts';

// The compiler checks this file: each marked line must stay an error.
void function errors(code: ErrorCode): void {
  // @ts-expect-error: the code is not in the catalogue
  fail('NoSuchCode', {});
  // @ts-expect-error: the template needs values
  fail('InvalidProperty');
  // @ts-expect-error: the rule is missing
  fail('InvalidProperty', { parameter: 'reportedEndTime', value: '' });
  // @ts-expect-error: the template has no such placeholder
  fail('NotFound', { path: '/', method: 'GET' });
  // @ts-expect-error: a value must be text or a number
  fail('NotFound', { path: undefined });
  // @ts-expect-error: a code that is not known needs the values of all
  fail(code, { path: '/' });
  fail('NotFound', { path: '/' });
};
