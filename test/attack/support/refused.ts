import assert from 'node:assert/strict';

/** Words of the program, of its libraries and of the database, which no caller has to see. */
const INTERNALS =
  /node_modules|node:|\.ts\b|\bat async\b|typeerror|rangeerror|syntaxerror|\[object |\bpostgres|\bpg_(?!sleep)|relation "|column "|invalid byte sequence|invalid input syntax|violates |stackmeter_(tenant|group|provider)_reader|\/src\//i;

/** What an answer has of its status, its type and its text. */
export interface Told {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** An error of the envelope. */
export interface Envelope {
  readonly code: string;
  readonly message: string;
}

/**
 * Checks that the answer is a refusal as it has to be: 4xx unless told otherwise, with the envelope and no word of what
 * goes on inside.
 *
 * @returns the error
 */
export function assertEnvelope(
  { status, type, text }: Told,
  what: string,
  statuses?: readonly number[],
): Envelope {
  const shown = `${what}: ${status} ${text.slice(0, 500)}`;
  if (statuses === undefined) assert.ok(status >= 400 && status < 500, shown);
  else assert.ok(statuses.includes(status), shown);
  assert.match(type, /^application\/(problem\+)?json/, shown);
  const body: unknown = JSON.parse(text);
  assert.ok(typeof body === 'object' && body !== null && 'error' in body, shown);
  const { error } = body;
  assert.ok(typeof error === 'object' && error !== null && 'code' in error, shown);
  assert.ok('message' in error && typeof error.message === 'string' && error.message !== '', shown);
  assert.match(String(error.code), /^[A-Z][A-Za-z]+$/, shown);
  assertNothingInside(text, what);
  return { code: String(error.code), message: error.message };
}

/** Checks that a rate card was refused as the cloud does it: with a message alone, whatever was wrong. */
export function assertNoRateCard({ text }: Told, what: string): void {
  assert.match(text, /^\{"Message":"No rate card [^"{}]+"\}$/, what);
  assertNothingInside(text, what);
}

/** Checks that the text has no word of the program, its libraries or the database. */
export function assertNothingInside(text: string, what: string): void {
  const found = INTERNALS.exec(text);
  assert.equal(found, null, `${what} tells '${found?.[0]}': ${text.slice(0, 500)}`);
}

/** Runs checks that do not stop each other, and fails with what all of them said. */
export function createFindings(): {
  check(work: () => void | Promise<void>): Promise<void>;
  assertNone(): void;
} {
  const found: string[] = [];
  return {
    check: async (work) => {
      try {
        await work();
      } catch (error) {
        found.push(error instanceof Error ? error.message : String(error));
      }
    },
    assertNone: () => {
      assert.equal(found.length, 0, `${found.length} findings:\n${found.slice(0, 40).join('\n')}`);
    },
  };
}
