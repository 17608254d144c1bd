import type { MeterId, UnitKind } from '../../kernel/index.ts';

/** Where a meter comes from: the list that Azure Stack Hub knows, or the operator of this stamp. */
export type MeterOrigin = 'reference' | 'operator';

/** What a meter counts; `other` for an operator's own unit that the closed list of units does not have. */
export type MeterUnitKind = UnitKind | 'other';

/** One thing that is measured. Ids compare without case (`meterKey`) and are answered in the case stored here. */
export interface Meter {
  readonly id: MeterId;
  readonly name: string;
  /** The unit in words, as shown to people and in the interfaces; may be empty. */
  readonly unit: string;
  readonly unitKind: string;
  /** Namespace of the emitters that may use it, such as `Microsoft.Compute`. */
  readonly resourceProvider: string;
  readonly category: string;
  readonly origin: MeterOrigin;
}

/** A meter of the operator's own, as asked for. */
export interface OperatorMeter extends Meter {
  readonly unitKind: MeterUnitKind;
  readonly origin: 'operator';
}
