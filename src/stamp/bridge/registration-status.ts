import { fail, isJsonObject, type HourNumber, type Instant } from '../../kernel/index.ts';
import { parseBillingModel, parseWindowName, type BillingModel } from '../../reporting/index.ts';
import { nonsense } from './trouble.ts';

/** What commerce says of the registration of this stamp. */
export interface RegistrationStatus {
  readonly resourceId: string;
  readonly status: 'Registered' | 'Expired' | 'Reset' | 'Removed';
  readonly billingModel: BillingModel;
  readonly usageReporting: boolean;
  readonly marketplaceSyndication: boolean;
  readonly expiresAt: Instant | undefined;
  /** The one that has to come next; undefined while none is taken. */
  readonly nextWindow: HourNumber | undefined;
  /** Stretches of windows that it has accepted, each up to its end (exclusive). */
  readonly accepted: readonly { readonly from: HourNumber; readonly to: HourNumber }[];
}

const STATUSES = ['Registered', 'Expired', 'Reset', 'Removed'] as const;

/**
 * Reads what commerce says of the registration.
 *
 * @throws Trouble when it cannot be that, or is of another registration
 */
export function readRegistrationStatus(
  body: unknown,
  owner: { readonly registrationId: string; readonly cloudId: string },
): RegistrationStatus {
  if (!isJsonObject(body)) throw nonsense('the registration is no JSON object');
  const { registrationId, cloudId, resourceId, usageReporting, marketplaceSyndication } = body;
  const { expiration, nextWindow, periods } = body;
  const is = (value: unknown, text: string): boolean =>
    typeof value === 'string' && value.toLowerCase() === text.toLowerCase();
  if (!is(registrationId, owner.registrationId) || !is(cloudId, owner.cloudId)) {
    throw nonsense('it is about another registration');
  }
  const status = STATUSES.find((known) => known === body['status']);
  const model = body['billingModel'];
  const billingModel = typeof model === 'string' ? parseBillingModel(model) : undefined;
  if (status === undefined || billingModel === undefined || typeof resourceId !== 'string') {
    throw nonsense('the registration is not complete');
  }
  if (typeof usageReporting !== 'boolean' || typeof marketplaceSyndication !== 'boolean') {
    throw nonsense('the registration is not complete');
  }
  const list: readonly unknown[] = Array.isArray(periods) ? periods : [];
  return {
    resourceId,
    status,
    billingModel,
    usageReporting,
    marketplaceSyndication,
    expiresAt: readTime(expiration),
    nextWindow: nextWindow === null ? undefined : readWindow(nextWindow),
    accepted: list.map((period) => {
      if (!isJsonObject(period)) throw nonsense('a period is no JSON object');
      return { from: readWindow(period['fromWindow']), to: readWindow(period['nextWindow']) };
    }),
  };
}

function readWindow(value: unknown): HourNumber {
  const window = typeof value === 'string' ? parseWindowName(value) : undefined;
  if (window === undefined) throw nonsense('a window has no name');
  return window;
}

function readTime(value: unknown): Instant | undefined {
  if (value === null) return undefined;
  try {
    return Temporal.Instant.from(typeof value === 'string' ? value : '');
  } catch {
    throw nonsense('the expiration is no time');
  }
}

/** The reason why windows are not taken, as an error of the catalogue. */
export function whyNothingIsTaken(
  status: Pick<RegistrationStatus, 'status' | 'usageReporting' | 'expiresAt'>,
): { code: string; message: string } {
  const { code, message } =
    status.status === 'Expired'
      ? fail('RegistrationExpired', { expiration: status.expiresAt?.toString() ?? 'its end' })
      : fail('UsageReportingOff', { reason: reasonOf(status) });
  return { code, message };
}

function reasonOf({
  status,
  usageReporting,
}: Pick<RegistrationStatus, 'status' | 'usageReporting'>): string {
  if (status === 'Removed') return 'it was removed';
  if (status === 'Reset') return 'the directory of its subscription was changed';
  return usageReporting ? 'no reporting has begun' : 'reporting is off';
}
