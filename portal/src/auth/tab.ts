import { keep, recall } from './storage.ts';

/** A tab that is loaded anew lets go of its lock a moment after the new page asks. */
const PATIENCE_MS = 400;

/**
 * Whether what this tab remembers is its own. A browser that duplicates a tab copies it, and a refresh token that two
 * use is taken for a stolen one: the authority ends the sign-in of both. Each tab holds a lock with the name of its
 * session, which the copy does not get.
 *
 * A tab whose session is not its own has another name from then on.
 */
export async function isOwnSession(): Promise<boolean> {
  const known = recall('tab');
  if (known !== undefined && (await hold(known))) return true;
  const name = crypto.randomUUID();
  keep('tab', name);
  await hold(name);
  return known === undefined;
}

/** Holds the lock as long as the page is there. */
async function hold(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    navigator.locks
      .request(`stackmeter.tab.${name}`, { signal }, () => {
        resolve(true);
        return new Promise<void>(() => undefined);
      })
      .catch(() => resolve(false));
  });
}
