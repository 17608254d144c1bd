import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { focusVersions, type FocusDataset, type FocusVersion } from '../focus/index.ts';
import { examine, rulesOf, type CheckOptions } from './check-focus.ts';
import { datasetsOf, ruleFileOf, type Rule } from './rule-file.ts';
import { attributeFaults12, attributeFaults14 } from './test-attribute-faults.ts';
import { chargeFaults } from './test-charge-faults.ts';
import { allKnown, tablesOf, validDelivery } from './test-delivery.ts';
import { genericFaults, type Change } from './test-generic-faults.ts';
import { invoiceFaults, periodFaults } from './test-invoice-faults.ts';
import { companions, contextFaults, faults12 } from './test-version-faults.ts';
import type { Fault } from './test-spoiling.ts';

const isThere = (rules: ReadonlySet<string>, key: string): boolean => rules.has(key);

/** Whatever is known beside the files, in every way that makes rules checkable. */
function waysOfKnowing(version: FocusVersion): CheckOptions[] {
  const all = allKnown(version);
  return [
    all,
    { ...all, facts: { 'generator.authorizedToInvoice': false, 'generator.originates': false } },
    { ...all, profile: {} },
    ...Object.values(contextFaults).map(({ options }) => options ?? {}),
  ];
}

/** All rules that are looked at, by dataset and id. */
async function implemented(version: FocusVersion): Promise<Set<string>> {
  const found = new Set<string>();
  for (const options of waysOfKnowing(version)) {
    const { checked } = await examine(tablesOf(validDelivery(version)), options);
    for (const key of checked) found.add(key);
  }
  return found;
}

const own14 = { ...chargeFaults, ...invoiceFaults, ...periodFaults, ...contextFaults };

function ownFault(version: FocusVersion, dataset: FocusDataset, { id }: Rule): Fault | undefined {
  if (version === '1.4') return attributeFaults14[dataset][id] ?? own14[id];
  return attributeFaults12[id] ?? faults12[id] ?? own14[id] ?? inOlder(own14[`CAU-${id}`]);
}

/** The same rule of 1.2 has its id without the dataset. */
function inOlder(fault: Fault | undefined): Fault | undefined {
  if (fault?.also === undefined) return fault;
  const also = fault.also
    .filter((id) => !id.startsWith('IND-'))
    .map((id) => id.replace('CAU-', ''));
  return { ...fault, also };
}

/** The rules that find something in a delivery that was spoilt, but for the one named. */
async function others(
  version: FocusVersion,
  change: Change,
  options: CheckOptions,
  key: string,
): Promise<string[] | undefined> {
  const delivery = validDelivery(version);
  change(delivery);
  const { report } = await examine(tablesOf(delivery), options);
  const keys = report.findings.map(({ dataset, ruleId }) => `${dataset} ${ruleId}`);
  if (!keys.includes(key)) return undefined;
  return keys.filter((one) => one !== key).map((one) => one.split(' ')[1]!);
}

const withProfile = (version: FocusVersion, options: CheckOptions = {}): CheckOptions => ({
  profile: allKnown(version).profile!,
  ...options,
});

/** The fault that the fewest other rules find too. */
async function leastFault(
  version: FocusVersion,
  dataset: FocusDataset,
  rule: Rule,
): Promise<string[] | undefined> {
  const key = `${dataset} ${rule.id}`;
  const own = ownFault(version, dataset, rule);
  if (own !== undefined) {
    return others(version, own.change, withProfile(version, own.options), key);
  }
  let least: string[] | undefined;
  for (const change of genericFaults(rule, dataset, validDelivery(version))) {
    const found = await others(version, change, withProfile(version), key);
    if (found === undefined) continue;
    if (least === undefined || found.length < least.length) least = found;
    if (least.length === 0) break;
  }
  return least;
}

/** What was found beside the fault, and is not known to be found with it. */
function surprises(
  version: FocusVersion,
  dataset: FocusDataset,
  rule: Rule,
  found: readonly string[],
): string[] {
  const file = ruleFileOf(version);
  const ofColumn = rulesOf(file, dataset).filter(({ column }) => column === rule.column);
  // A text that is no value of its type breaks whatever else is said of the value.
  const isText = rule.kind === 'type' || rule.kind === 'format';
  const expected = new Set([
    ...(ownFault(version, dataset, rule)?.also ?? []),
    ...(companions[version][rule.id] ?? '').split(' '),
    ...(isText ? ofColumn.map(({ id }) => id) : []),
  ]);
  const surprising = found.filter((id) => !expected.has(id));
  return surprising.length === 0 ? [] : [`'${rule.id}': '${surprising.join(' ')}',`];
}

describe('every rule that is checked', () => {
  for (const version of focusVersions) {
    it(`of ${version} finds the fault that was planted for it, and it alone or with those named`, async () => {
      const file = ruleFileOf(version);
      const checked = await implemented(version);
      const missed: string[] = [];
      const unexpected: string[] = [];
      let exact = 0;
      for (const dataset of datasetsOf(file)) {
        for (const rule of rulesOf(file, dataset)) {
          if (!isThere(checked, `${dataset} ${rule.id}`)) continue;
          const found = await leastFault(version, dataset, rule);
          if (found === undefined) missed.push(`${dataset} ${rule.id} ${rule.kind}`);
          else unexpected.push(...surprises(version, dataset, rule, found));
          if (found?.length === 0) exact++;
        }
      }
      assert.deepEqual(missed, [], `${checked.size} rules, ${exact} found alone`);
      assert.deepEqual(unexpected, []);
    });
  }
});
