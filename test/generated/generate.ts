import { seededRandom, type SeededRandom } from '../crash/random.ts';
import { isForm, isPage, plausibleBody } from './bodies.ts';
import { goodCredential, type Callers } from './credentials.ts';
import type { ApiOperation, Parameter } from './document.ts';
import type { Draft } from './draft.ts';
import { validValue, type Hint } from './from-schema.ts';
import { encoded } from './hostile.ts';
import type { World } from './knowledge.ts';
import { hintsFor, pathValue } from './plausible.ts';
import { spoil } from './spoil.ts';

/** Makes the request of a number; the same one for the same seed, but for ids that the server made up. */
export type Generate = (index: number) => Draft;

export function createGenerator(options: {
  readonly operations: readonly ApiOperation[];
  readonly world: World;
  readonly callers: Callers;
  readonly seed: number;
}): Generate {
  const { operations, world, callers, seed } = options;
  const families = [...Map.groupBy(operations, ({ family }) => family).values()].flatMap((family) =>
    // There has to be something before the rest is worth asking for.
    family[0]!.method === 'PUT' ? [family, family, family] : [family],
  );
  return (index) => {
    // A state of its own for each request: answers come in another order each time.
    const random = seededRandom((seed + Math.imul(index, 0x9e3779b1)) | 0);
    const operation = random.pick(random.pick(families));
    const draft = plausible(random, world, callers, operation);
    const wildness = random.next();
    if (wildness < 0.55) return draft;
    const times = wildness < 0.85 ? 1 : random.between(2, 4);
    return Array.from({ length: times }).reduce<Draft>(
      (worse) => spoil(random, worse, { callers, operations }),
      draft,
    );
  };
}

function plausible(
  random: SeededRandom,
  world: World,
  callers: Callers,
  operation: ApiOperation,
): Draft {
  const hint = hintsFor(random, world, operation);
  // A form is of the browser that was shown it.
  const form = world.knowledge.pick(random, 'form')?.split(' ') ?? [];
  let cookie = isForm(operation) ? form.slice(1).join(' ') : undefined;
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const [value = '', ...cookies] = pathValue(random, world, operation, name).split(' ');
    if (name === 'uid') cookie = cookies.join(' ');
    return encoded(value);
  });
  // A sign-in needs almost all of what the protocol leaves open.
  const often = operation.family === 'authorize' ? 0.95 : 0.3;
  const query = operation.parameters
    .filter(({ in: place, required }) => place === 'query' && (required || random.next() < often))
    .flatMap((parameter) => queryOf(random, parameter, hint));
  const credential = goodCredential(random, callers, operation, world.knowledge);
  const body = plausibleBody(random, operation, hint, { path, xsrf: form[0] });
  return {
    operation,
    method: operation.method,
    path,
    query,
    headers: {
      ...(credential !== undefined && { authorization: credential }),
      ...(cookie !== undefined && cookie !== '' && { cookie }),
      ...(isPage(operation) && random.next() < 0.8 && { accept: 'text/html' }),
      ...body.headers,
    },
    body: body.content,
    fits: true,
  };
}

function queryOf(
  random: SeededRandom,
  { name, schema }: Parameter,
  hint: Hint,
): (readonly [string, string])[] {
  const value = validValue(random, schema, hint, { name });
  const key = encoded(name).replaceAll('%24', '$');
  if (Array.isArray(value)) return value.map((item) => [key, encoded(String(item))] as const);
  if (typeof value !== 'object' || value === null) return [[key, encoded(String(value))]];
  return Object.entries(value).map(
    ([part, item]) => [`${key}[${encoded(part)}]`, encoded(String(item))] as const,
  );
}
