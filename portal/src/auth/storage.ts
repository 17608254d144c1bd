/** What a tab remembers of its session: gone when the tab is closed, and copied where a tab is duplicated. */
interface Remembered {
  /** Tells whose it is; see tab.ts. */
  readonly tab: string;
  readonly tokens: Tokens;
  readonly begun: BegunSignIn;
  readonly signedInAt: number;
  readonly signedOut: boolean;
  readonly account: string;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  readonly expiresAt: number;
}

/** A sign-in that has gone to the authority and not come back. */
export interface BegunSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where to go on afterwards. */
  readonly address: string;
}

const PREFIX = 'stackmeter.';

export function keep<K extends keyof Remembered>(name: K, value: Remembered[K]): void {
  sessionStorage.setItem(`${PREFIX}${name}`, JSON.stringify(value));
}

export function recall<K extends keyof Remembered>(name: K): Remembered[K] | undefined {
  const text = sessionStorage.getItem(`${PREFIX}${name}`);
  if (text === null) return undefined;
  const value: unknown = JSON.parse(text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `keep` alone, under the same name
  return value as Remembered[K];
}

export function forget(name: keyof Remembered): void {
  sessionStorage.removeItem(`${PREFIX}${name}`);
}
