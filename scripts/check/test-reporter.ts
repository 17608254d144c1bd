/**
 * Hands the events of `node --test` on, one JSON value a line, for test-report.ts to count. Loaded by
 * Node through --test-reporter, which wants a default export.
 */
import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';
import type { ReportedEvent } from './test-report.ts';

export default async function* report(source: AsyncIterable<TestEvent>): AsyncIterable<string> {
  for await (const event of source) {
    const reported = reportedEvent(event);
    if (reported !== undefined) yield `${JSON.stringify(reported)}\n`;
  }
}

function reportedEvent(event: TestEvent): ReportedEvent | undefined {
  switch (event.type) {
    case 'test:start':
    case 'test:dequeue':
      return { type: event.type, name: event.data.name, nesting: event.data.nesting };
    case 'test:pass':
    case 'test:fail': {
      const { name, nesting, line, skip, todo, details } = event.data;
      const about = { type: event.type, name, nesting, line, ms: details.duration_ms };
      const skipped = skip ?? todo;
      const reason = skipped === true ? '' : skipped;
      const failure = 'error' in details ? failureOf(details.error) : undefined;
      return { ...about, isSuite: details.type === 'suite', skipped: reason, failure };
    }
    case 'test:stdout':
    case 'test:stderr':
      return { type: event.type, text: event.data.message };
    case 'test:diagnostic': // those without a file are the runner's own sums
      return event.data.file === undefined
        ? undefined
        : { type: event.type, text: event.data.message };
    case 'test:summary':
      return event.data.file === undefined ? { type: 'test:end' } : undefined;
    default:
      return undefined;
  }
}

function failureOf(error: Error & { failureType?: string }): { kind: string; text: string } {
  const cause: unknown = error.cause ?? error;
  if (typeof cause === 'string') return { kind: error.failureType ?? '', text: cause };
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
  return { kind: error.failureType ?? '', text };
}
