import type { Instant } from '../../kernel/index.ts';

/**
 * - reference: as the cloud's rate card has it;
 * - operator: entered or changed by an operator;
 * - unlisted: a stamp reported it before anybody had entered it. It costs nothing until somebody does.
 */
export type CommerceMeterOrigin = 'reference' | 'operator' | 'unlisted';

/** One version of what a stamp's meter is in commerce. */
export interface CommerceMeter {
  /** By which reported rows name this very version. */
  readonly meter: number;
  /** Id on the stamp, in one of its spellings; compares without case. */
  readonly localMeterId: string;
  readonly version: number;
  readonly commerceMeterId: string;
  readonly name: string;
  readonly category: string;
  readonly subCategory: string;
  readonly region: string;
  /** In words; empty where the field has none. */
  readonly unit: string;
  /** Whether its usage costs anything under a billing model by which usage is paid. */
  readonly paid: boolean;
  readonly origin: CommerceMeterOrigin;
  readonly createdAt: Instant;
}

/** What an operator can say of a meter; what is left out stays as it was. */
export interface CommerceMeterChange {
  /** Id on the stamp, in any case. */
  readonly localMeterId: string;
  readonly commerceMeterId?: string | undefined;
  readonly name?: string | undefined;
  readonly category?: string | undefined;
  readonly subCategory?: string | undefined;
  readonly region?: string | undefined;
  readonly unit?: string | undefined;
  readonly paid?: boolean | undefined;
}

/** What a meter is as long as nobody has said anything of it. */
export function unlistedMeter(
  localMeterId: string,
): Omit<CommerceMeter, 'meter' | 'version' | 'createdAt'> {
  return {
    localMeterId,
    commerceMeterId: localMeterId,
    name: localMeterId,
    category: 'Azure Stack Hub',
    subCategory: '',
    region: REGION,
    unit: '',
    paid: false,
    origin: 'unlisted',
  };
}

/** Characters of a text of a meter. */
export const LONGEST_METER_TEXT = 128;

/** In the cloud's meters the region of all stamps is one. */
export const REGION = 'Azure Stack';

/** A version of a meter as answers and the command line have it. */
export function toWireCommerceMeter(
  meter: CommerceMeter,
): Readonly<Record<string, string | number | boolean>> {
  return {
    localMeterId: meter.localMeterId,
    version: meter.version,
    commerceMeterId: meter.commerceMeterId,
    name: meter.name,
    category: meter.category,
    subCategory: meter.subCategory,
    region: meter.region,
    unit: meter.unit,
    paid: meter.paid,
    origin: meter.origin,
    createdAt: meter.createdAt.toString(),
  };
}
