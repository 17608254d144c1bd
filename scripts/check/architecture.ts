/**
 * Who may import whom. Read a line as: the area on the left may import itself and the areas on the
 * right. Arrows run along the pipeline, from the later to the earlier; the two wings, stamp and
 * commerce, know nothing of each other. A folder of src that is not on this map is a fault, so a new
 * room begins with a line here.
 */
const ground = ['kernel', 'platform'];
const entrance = [...ground, 'audit', 'identity'];
const pipeline = [
  'stamp/operations',
  'stamp/directory',
  'stamp/resource-manager',
  'stamp/meters',
  'stamp/intake',
  'stamp/aggregation',
];
const stamp = [...pipeline, 'stamp/usage-api', 'stamp/sources', 'stamp/bridge'];
const commerce = [
  'commerce/registration',
  'commerce/reported-usage',
  'commerce/pricing',
  'commerce/rating',
  'commerce/ledger',
  'commerce/invoicing',
];
const below = [...entrance, ...stamp, ...commerce, 'exports'];

export const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  platform: ['kernel'],
  audit: ground,
  identity: [...ground, 'audit'],
  ...inOrder(pipeline),
  'stamp/usage-api': [...entrance, ...pipeline],
  'stamp/sources': [...entrance, ...pipeline],
  'stamp/bridge': [...entrance, ...pipeline, 'stamp/usage-api'],
  ...inOrder(commerce),
  exports: [...entrance, ...commerce],
  server: below,
  cli: [...below, 'server'],
  main: [...below, 'server', 'cli'],
};

/** Areas with one door: from outside, only their index.ts may be imported. */
export const rooms: ReadonlySet<string> = new Set(
  Object.keys(mayImport).filter((area) => !['kernel', 'platform', 'main'].includes(area)),
);

/** Each room of a wing may import the entrance and the rooms before it. */
function inOrder(wing: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(wing.map((room, at) => [room, [...entrance, ...wing.slice(0, at)]]));
}

/**
 * The area a path belongs to: `stamp/intake` for src/stamp/intake/store.ts, `main` for src/main.ts,
 * `(test)`, `(bench)`, `(scripts)` outside of src, undefined for a place that is not on the map.
 */
export function areaOf(path: string): string | undefined {
  const [top, first = '', second = '', third] = path.split('/');
  if (top !== 'src') return `(${top})`;
  if (path === 'src/main.ts') return 'main';
  const area = first === 'stamp' || first === 'commerce' ? `${first}/${second}` : first;
  const isInside = area === first ? second !== '' : third !== undefined;
  return isInside && area in mayImport ? area : undefined;
}
