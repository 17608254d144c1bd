import type { SeededRandom } from '../crash/random.ts';
import type { ApiOperation } from './document.ts';
import type { Knowledge } from './knowledge.ts';

/** A client of the authority and what it shows of itself. */
export interface Caller {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly token: string;
}

/** Callers by name; `operator` is among them. */
export type Callers = Readonly<Record<string, Caller>>;

/** What an operation takes, of somebody who may do it most often. */
export function goodCredential(
  random: SeededRandom,
  callers: Callers,
  operation: ApiOperation,
  knowledge: Knowledge,
): string | undefined {
  const { operator, ...others } = callers;
  const isPlain = random.next() < 0.8;
  const other = random.pick(Object.values(others));
  const useKey = random.next() < 0.4;
  const ofPerson = knowledge.pick(random, 'access_token');
  if (operation.family === 'getUserInfo') return `Bearer ${ofPerson ?? operator!.token}`;
  if (operation.isPublic) return undefined;
  if (isOfStamp(operation) && isPlain) return `Bearer ${callers['stamp']!.token}`;
  const caller = isPlain ? operator! : other;
  const { clientId, clientSecret, token } = caller;
  if (!operation.takesKeys || !useKey) return `Bearer ${token}`;
  if (random.next() < 0.5) return `Bearer ${clientId}.${clientSecret}`;
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

/** Whether a stamp alone may call it, of its own registration. */
function isOfStamp({ path }: ApiOperation): boolean {
  return /^\/api\/v1\/reported-usage\/(?!.*\/(?:windows|statement|totals)$)/.test(path);
}

/** One that should get nobody in. */
export function badCredential(
  random: SeededRandom,
  callers: Callers,
): string | readonly string[] | undefined {
  const { clientId, clientSecret, token } = random.pick(Object.values(callers));
  const [header = '', claims = '', signature = ''] = token.split('.');
  const part = (content: object): string =>
    Buffer.from(JSON.stringify(content)).toString('base64url');
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const decoded = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as object;
  return random.pick<string | readonly string[] | undefined>([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'bearer x',
    `Bearer ${clientId}`,
    `Bearer ${clientId}.${clientSecret}x`,
    `Bearer ${clientId}.${clientSecret}`,
    `Bearer ${token} x`,
    `Bearer ${token}x`,
    `Bearer ${header}.${claims}.`,
    `Bearer ${header}.${claims}`,
    `Bearer ${header}.${claims}.${signature.split('').toReversed().join('')}`,
    `Bearer ${part({ alg: 'none' })}.${claims}.`,
    `Bearer ${part({ alg: 'HS256', kid: 'x' })}.${claims}.${signature}`,
    `Bearer ${part({ alg: 'RS256', crit: ['x'], jku: 'https://localhost' })}.${claims}.${signature}`,
    `Bearer ${header}.${part({ ...decoded, iss: 5 })}.${signature}`,
    `Bearer ${header}.${part({ ...decoded, iss: 'https://elsewhere.example' })}.${signature}`,
    `Bearer ${header}.${part([])}.${signature}`,
    `Bearer ${header}.${Buffer.from('{').toString('base64url')}.${signature}`,
    `Bearer ${'a.'.repeat(2000)}`,
    `Basic x`,
    basic(''),
    basic(':'),
    basic(`${clientId}:`),
    basic(`${clientId}:%zz`),
    basic(`${clientId}\u0000:${clientSecret}`),
    basic(`'; --:${clientSecret}`),
    basic(`${clientId}:${'s'.repeat(5000)}`),
    `Digest username="x"`,
    `Negotiate ${token}`,
    [`Bearer ${token}`, `Bearer ${token}`],
    [`Bearer ${token}`, 'Bearer x'],
  ]);
}
