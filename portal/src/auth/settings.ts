/** What the server tells of itself before anybody has signed in. */
export interface Settings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly region: string;
  /** The parts that this server runs. */
  readonly wings: readonly ('stamp' | 'commerce')[];
}

/** @throws where the server does not say how to sign in */
export async function loadSettings(): Promise<Settings> {
  const answer = await fetch('/portal/configuration.json');
  if (!answer.ok) throw new Error(`The settings of the server cannot be read: ${answer.status}`);
  const settings: unknown = await answer.json();
  if (!isSettings(settings)) throw new Error('The settings of the server cannot be understood.');
  return settings;
}

function isSettings(value: unknown): value is Settings {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const texts = ['issuer', 'clientId', 'scope', 'region'];
  return (
    texts.every((name) => typeof fields.get(name) === 'string') &&
    Array.isArray(fields.get('wings'))
  );
}
