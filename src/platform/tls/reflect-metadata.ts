/**
 * `@peculiar/x509` registers its algorithms with a container that insists on the three `Reflect`
 * functions of the decorator metadata proposal and asks them only for metadata nobody has written.
 * These few lines are all it needs; a real polyfill loaded earlier is left alone.
 */
type Metadata = Map<unknown, unknown>;

interface ReflectMetadata {
  getMetadata?: (key: unknown, target: object) => unknown;
  getOwnMetadata?: (key: unknown, target: object) => unknown;
  defineMetadata?: (key: unknown, value: unknown, target: object) => void;
}

const store = new WeakMap<object, Metadata>();
const reflect: typeof Reflect & ReflectMetadata = Reflect;

function getOwnMetadata(key: unknown, target: object): unknown {
  return store.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let holder: object | null = target; holder; holder = Reflect.getPrototypeOf(holder)) {
    if (store.get(holder)?.has(key)) return getOwnMetadata(key, holder);
  }
  return undefined;
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const metadata: Metadata = store.get(target) ?? new Map();
  store.set(target, metadata.set(key, value));
}

reflect.getMetadata ??= getMetadata;
reflect.getOwnMetadata ??= getOwnMetadata;
reflect.defineMetadata ??= defineMetadata;
