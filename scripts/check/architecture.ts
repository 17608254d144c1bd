/**
 * Who may import whom. Read a line as: the area on the left may import itself and the areas on the
 * right. Arrows run along the pipeline, from the later to the earlier; the two wings, stamp and
 * commerce, know nothing of each other. A folder of src that is not on this map is a fault, so a new
 * room begins with a line here.
 */
const ground = ['kernel', 'platform'];
const entrance = [...ground, 'audit', 'identity'];
/** What the two wings say to each other, and in which words. */
const language = [...entrance, 'reporting'];
const pipeline = [
  'stamp/operations',
  'stamp/directory',
  'stamp/resource-manager',
  'stamp/meters',
  'stamp/intake',
  'stamp/aggregation',
];
const stamp = [
  ...pipeline,
  'stamp/usage-api',
  'stamp/usage-analysis',
  'stamp/sources',
  'stamp/bridge',
  'stamp/reconciliation',
];
const commerce = [
  'commerce/registration',
  'commerce/reported-usage',
  'commerce/mail',
  'commerce/pricing',
  'commerce/accounts',
  'commerce/webhooks',
  'commerce/ledger',
  'commerce/rating',
  'commerce/documents',
  'commerce/invoicing',
  'commerce/usage-api',
  'commerce/cost-analysis',
  'commerce/budgets',
];
/** The way out of the house: what other systems read of both wings. */
const exports = [
  'exports/formats',
  'exports/focus',
  'exports/focus-check',
  'exports/deliveries',
  'exports/odata',
  'exports/adapters',
];
const below = [...language, 'analysis', ...stamp, ...commerce, ...exports, 'portal'];

export const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  platform: ['kernel'],
  audit: ground,
  identity: [...ground, 'audit'],
  reporting: ground,
  analysis: ground,
  ...inOrder(entrance, pipeline),
  'stamp/usage-api': [...entrance, ...pipeline],
  'stamp/usage-analysis': [...entrance, 'analysis', ...pipeline, 'stamp/usage-api'],
  'stamp/sources': [...entrance, ...pipeline],
  'stamp/bridge': [...language, ...pipeline, 'stamp/usage-api'],
  'stamp/reconciliation': [...language, ...pipeline, 'stamp/usage-api', 'stamp/bridge'],
  ...inOrder([...language, 'analysis'], commerce),
  ...inOrder([...language, 'analysis', ...stamp, ...commerce], exports),
  portal: entrance,
  server: below,
  demo: [...below, 'server'],
  cli: [...below, 'server', 'demo'],
  main: [...below, 'server', 'demo', 'cli'],
};

/** Areas with one door: from outside, only their index.ts may be imported. */
export const rooms: ReadonlySet<string> = new Set(
  Object.keys(mayImport).filter((area) => !['kernel', 'platform', 'main'].includes(area)),
);

/** Each room of a wing may import what is common to all and the rooms before it. */
function inOrder(
  common: readonly string[],
  wing: readonly string[],
): Record<string, readonly string[]> {
  return Object.fromEntries(wing.map((room, at) => [room, [...common, ...wing.slice(0, at)]]));
}

/** Folders of src whose folders are rooms. */
const houses: ReadonlySet<string> = new Set(['stamp', 'commerce', 'exports']);

/**
 * The area a path belongs to: `stamp/intake` for src/stamp/intake/store.ts, `main` for src/main.ts,
 * `(test)`, `(bench)`, `(scripts)` outside of src, undefined for a place that is not on the map.
 */
export function areaOf(path: string): string | undefined {
  const [top, first = '', second = '', third] = path.split('/');
  if (top !== 'src') return `(${top})`;
  if (path === 'src/main.ts') return 'main';
  const area = houses.has(first) ? `${first}/${second}` : first;
  const isInside = area === first ? second !== '' : third !== undefined;
  return isInside && area in mayImport ? area : undefined;
}
