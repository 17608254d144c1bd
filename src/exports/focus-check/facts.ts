import type { Condition } from './rule-file.ts';
import type { Known } from './site.ts';

const nobody: Condition = { any: [] };
const everybody: Condition = { all: [] };
const isCommitmentPurchase: Condition = {
  all: [
    { col: 'ChargeCategory', in: ['Purchase'] },
    { col: 'CommitmentDiscountId', null: false },
  ],
};

/**
 * How far a fact about a charge can be seen in its own row, for rules of one row. Where it can be seen in part, what
 * cannot be seen is taken so that nothing right is called a fault.
 */
const seenInRow: Readonly<Record<string, Condition>> = {
  'charge.commitmentPurchase': isCommitmentPurchase,
  'charge.commitmentUnused': { col: 'CommitmentDiscountStatus', in: ['Unused'] },
  'charge.covered': {
    any: [
      { col: 'CommitmentDiscountId', null: false },
      { col: 'ContractApplied', null: false },
    ],
  },
  'charge.covering': isCommitmentPurchase,
  // An invoice is seen by its id, which the rule asks for beside this.
  'charge.onInvoice': nobody,
  // A copied id is refused for every resource, whoever named it.
  'resource.systemNamed': everybody,
  'resource.unnamed': nobody,
  // A fee for no resource and in no region is for a service that nobody hosts.
  'service.notHosted': {
    all: [
      { col: 'ChargeCategory', in: ['Purchase'] },
      { col: 'ResourceId', null: true },
      { col: 'RegionId', null: true },
    ],
  },
};

/** Facts that cannot hold for any row of a generator without the capability. */
const needs: Readonly<Record<string, string>> = {
  'charge.splitAllocated': 'DATA_GENERATOR_SPLIT_COST_ALLOCATION',
  'charge.unallocatedPortion': 'DATA_GENERATOR_SPLIT_COST_ALLOCATION',
  'charge.allocatedPortion': 'DATA_GENERATOR_SPLIT_COST_ALLOCATION',
  'charge.zoneSpecific': 'AVAILABILITY_ZONE',
  'charge.capacityReservationRelated': 'CAPACITY_RESERVATION',
  'charge.capacityReservationUnused': 'CAPACITY_RESERVATION',
  'charge.capacityReservationUsed': 'CAPACITY_RESERVATION',
  'charge.commitmentRelated': 'COMMITMENT_DISCOUNT',
  'charge.contractApplied': 'CONTRACT_COMMITMENTS',
  'charge.eligibleForProgram': 'COMMITMENT_PROGRAMS',
};

/** Whether the generator has a capability; undefined when nobody said. */
export function capabilityOf(name: string, { profile }: Known): boolean | undefined {
  return profile[name.replace(/_SUPPORTED$/, '')];
}

/**
 * What is known of a fact: the same for all rows, or a condition that shows it in each.
 * @param scope of the rule: a rule of context is about what no row shows
 */
export function factOf(fact: string, known: Known, scope: string): boolean | Condition | undefined {
  const said = known.facts[fact];
  if (said !== undefined) return said;
  const capability = needs[fact];
  if (capability !== undefined && capabilityOf(capability, known) === false) return false;
  return scope === 'context' ? undefined : seenInRow[fact];
}
