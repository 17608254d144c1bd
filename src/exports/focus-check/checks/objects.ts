/** Kinds of rules about JSON objects in a column: their keys, their values, their schema. */
import { Compile, type XSchema } from 'typebox/schema';
import { whenOf } from '../condition.ts';
import type { RuleFile } from '../rule-file.ts';
import { IdTable } from '../id-table.ts';
import { listOf, notChecked, placeOf, type Kind, type RuleRun } from '../site.ts';
import { lookAtJson, valuesAt } from '../values/json-text.ts';
import { remembering } from '../values/verdict.ts';
import { eachValue } from './values.ts';

type Members = Readonly<Record<string, unknown>>;

/** A rule about the object alone. What is no object is told by the rule about the type. */
function eachObject(isFault: (members: Members, run: RuleRun, file: RuleFile) => boolean): Kind {
  return (run, around) => {
    const look = remembering((text: string) => {
      const { object } = lookAtJson(text);
      return object !== undefined && isFault(object, run, around.file);
    });
    return eachValue(run, around, look);
  };
}

/** The keys that FOCUS gives a meaning to in this column. */
function knownKeys({ rule }: RuleRun, file: RuleFile): readonly string[] {
  if (rule.params.table === 'skuPriceDetailsKeys') return Object.keys(file.skuPriceDetailsKeys);
  return listOf(rule.params.known);
}

const differsInCase = (key: string, known: readonly string[]): boolean =>
  !known.includes(key) && known.some((one) => one.toLowerCase() === key.toLowerCase());

const keyFormat: Kind = (run, around) => {
  const pattern = new RegExp(run.rule.params.pattern ?? '');
  return eachObject((members) => Object.keys(members).some((key) => !pattern.test(key)))(
    run,
    around,
  );
};

const keysKnownOrPrefixed = eachObject((members, run, file) => {
  const known = knownKeys(run, file);
  const isNeither = (key: string): boolean =>
    !known.includes(key) && !key.startsWith('x_') && !differsInCase(key, known);
  return Object.keys(members).some(isNeither);
});

const keysExactCase = eachObject((members, run, file) => {
  const known = knownKeys(run, file);
  return Object.keys(members).some((key) => differsInCase(key, known));
});

/** An own key that says what a key of FOCUS says, which is not there. */
const keysShadowing = eachObject((members, run, file) =>
  knownKeys(run, file).some((key) => `x_${key}` in members && !(key in members)),
);

const valueTypes = eachObject((members, { rule }, { skuPriceDetailsKeys }) =>
  Object.entries(members).some(([key, value]) => {
    if (rule.params.all !== undefined) return !key.startsWith('x_') && typeof value !== 'string';
    const wanted = skuPriceDetailsKeys[key];
    return wanted !== undefined && typeof value !== wanted;
  }),
);

/**
 * A tag of a kind without values has the value true. Which kinds those are is seen from the rows that have it; an empty
 * text of such a tag is a value that nobody gave. Elsewhere an empty text may be what somebody gave.
 */
const valuelessTag: Kind = (run, around) => {
  const seen = new Map<string, boolean>();
  return eachValue(run, around, (text) => {
    let isFault = false;
    for (const [key, value] of Object.entries(lookAtJson(text).object ?? {})) {
      if (value !== true && value !== '') continue;
      const before = seen.get(key);
      if (before === undefined && seen.size < around.known.maximumIds)
        seen.set(key, value === true);
      if (before !== undefined && before !== (value === true)) isFault = true;
    }
    return isFault;
  });
};

const nonNullTags = eachObject((members) => Object.values(members).includes(null));

const keysDisjoint: Kind = (run, around) => {
  const other = placeOf(around.site, run.rule.params.other);
  if (typeof other !== 'number') return other;
  return eachValue(run, around, (text, row) => {
    const own = lookAtJson(text).object;
    const others = lookAtJson(row[other] ?? '{}').object;
    return (
      own !== undefined && Object.keys(own).some((key) => others !== undefined && key in others)
    );
  });
};

const jsonSchema: Kind = (run, around) => {
  const schema = around.file.objectSchemas[run.rule.params.schema ?? ''];
  if (schema === undefined) return notChecked('the schema is not known');
  if (run.rule.id.includes('Object-')) return notChecked('the rule of its column says the same');
  const validator = validatorOf(schema);
  return eachObject((members) => !validator.Check(members))(run, around);
};

const validators = new WeakMap<object, { Check: (value: unknown) => boolean }>();

/** Schemas are the same for every check, and take longer to compile than a small file to read. */
function validatorOf(schema: object): { Check: (value: unknown) => boolean } {
  const known = validators.get(schema) ?? Compile(schema as XSchema);
  validators.set(schema, known);
  return known;
}

const jsonContains: Kind = (run, around) => {
  const { path = '', column } = run.rule.params;
  const index = placeOf(around.site, column);
  if (typeof index !== 'number') return index;
  return eachValue(run, around, (text, row) => {
    const { object } = lookAtJson(text);
    return object !== undefined && !valuesAt(object, path).includes(row[index]);
  });
};

/** Inside and across rows, the same key has the same value beside it. */
const jsonDetermines: Kind = (run, around) => {
  const [key = ''] = listOf(run.rule.params.key);
  const list = key.slice(0, key.indexOf('.'));
  const name = key.slice(key.indexOf('.') + 1);
  const other = String(run.rule.params.value).slice(key.indexOf('.') + 1);
  const seen = new IdTable(around.known.maximumIds);
  const when = whenOf(run.rule, around);
  if (typeof when !== 'function') return when;
  return eachValue(run, around, (text) =>
    valuesAt(lookAtJson(text).object, list).some((element) => {
      const [id] = valuesAt(element, name);
      const [value] = valuesAt(element, other);
      if (typeof id !== 'string') return false;
      const claim = seen.claim(id, JSON.stringify(value ?? null));
      if (claim === 'full') run.tooMany();
      return claim === 'other';
    }),
  );
};

/** Ids that say by themselves what they name hold a path or a URN. */
const fullyQualified: Kind = (run, around) => {
  const isBare = (id: unknown): boolean => typeof id === 'string' && id !== '' && !/[/:]/.test(id);
  if (!run.rule.id.includes('ContractAppliedObject')) return eachValue(run, around, isBare);
  const name = run.rule.id.endsWith('-003') ? 'ContractId' : 'ContractCommitmentId';
  return eachObject((members) => valuesAt(members, `Elements[*].${name}`).some(isBare))(
    run,
    around,
  );
};

export const objectKinds: Readonly<Record<string, Kind>> = {
  keyFormat,
  keysKnownOrPrefixed,
  keysExactCase,
  keysNotShadowed: keysShadowing,
  keysPreferred: keysShadowing,
  valueTypes,
  valuelessTag,
  keysDisjoint,
  jsonSchema,
  jsonContains,
  jsonDetermines,
};

/** Kinds of advice that are looked at in one value. */
export const objectAdvice: Readonly<Record<string, Kind>> = { nonNullTags, fullyQualified };
