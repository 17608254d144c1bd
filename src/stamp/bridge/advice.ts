import { catalogue } from '../../kernel/index.ts';
import type { TroubleKind } from './trouble.ts';

/** Where the advice of the catalogue is for those who call an interface, and the operator of a stamp needs another. */
const OWN: Readonly<Record<string, string>> = {
  RegistrationNotFound:
    'Commerce does not know this registration any more: register the stamp and apply the new activation key.',
  ReportedBatchAltered:
    'Commerce holds other content than the stamp has now: compare both sides with stackmeter reconcile, and ask the operator of commerce.',
  ManifestMismatch:
    'Commerce holds other content than the stamp has now: compare both sides with stackmeter reconcile, and ask the operator of commerce.',
  ReportedWindowInFuture:
    'Compare the clocks of the stamp and of commerce, and set right the one that is wrong.',
  UsageReportingOff:
    'Nothing, if reporting was turned off on purpose; otherwise register the stamp again with reporting on, and apply the activation key.',
  InternalServerError:
    'It is tried again; if it fails again, the log of the server has the cause, which may be the database.',
};

/** What can be done where the code alone says too little. */
const BY_KIND: Readonly<Record<TroubleKind, string>> = {
  unreachable: catalogue.CommerceUnreachable.advice,
  refused:
    'Ask the operator of commerce for the cause; if it does not know the key of this stamp, fetch the activation key of the registration and apply it.',
  ended: catalogue.RegistrationExpired.advice,
  off: 'Nothing, if reporting was turned off on purpose.',
  unfit: catalogue.ReportedWindowUnfit.advice,
  internal: 'It is tried again; if it fails again, the log of the server has the cause.',
};

/** What the operator of a stamp can do about what stands in the way of reporting. */
export function adviceOn({
  kind,
  code,
}: {
  readonly kind: TroubleKind;
  readonly code: string;
}): string {
  if (Object.hasOwn(OWN, code)) return OWN[code] ?? BY_KIND[kind];
  const known = Object.entries(catalogue).find(([name]) => name === code);
  return kind === 'refused' ? BY_KIND.refused : (known?.[1].advice ?? BY_KIND[kind]);
}
