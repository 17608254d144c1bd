import { fail } from '../../kernel/index.ts';
import {
  addClientCertificate,
  listClientCredentials,
  removeClientCredential,
  type Changing,
} from '../../identity/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { CheckedRegistrationToken } from '../../reporting/index.ts';
import { findRegistration, noteTokenOf, stampKeyOf, statusOf } from '../registration/index.ts';

/**
 * Gives the client of a stamp the new key that a registration token states, or ends the others.
 *
 * A key that the client does not have is added, and the newest of the keys before stays beside it, so
 * that a stamp whom the answer does not reach is not shut out. A key that the client has is confirmed
 * by this: whoever signed the token has it and knows that it is known here, so all others end. The
 * same call can be made again at any time.
 *
 * @returns the thumbprint of the key that was stated
 * @throws InvalidRegistrationToken when it is of another stamp, or older than the one in force; UsageReportingOff for a registration
 *   that was removed
 */
export async function rotateCredential(
  tx: Tx,
  registrationId: string,
  token: CheckedRegistrationToken,
  changing: Changing,
): Promise<string> {
  const registration = await findRegistration(tx, registrationId, { lock: true });
  if (registration === undefined) {
    throw new Error('A registration is gone, and none is ever deleted.');
  }
  if (token.cloudId !== registration.cloudId) {
    throw fail('InvalidRegistrationToken', { reason: 'it is of another stamp' });
  }
  if (statusOf(registration, changing.clock.now()) === 'Removed') {
    throw fail('UsageReportingOff', { reason: 'it was removed' });
  }
  // From now on the tokens of the keys before count no more, wherever they are put.
  await noteTokenOf(tx, registration.number, token);
  const { principalId } = registration;
  const key = stampKeyOf(token);
  const held = await listClientCredentials(tx, principalId);
  const others = held.filter(({ thumbprint }) => thumbprint !== key.thumbprint);
  const isKnown = others.length < held.length;
  for (const { credentialId } of isKnown ? others : others.slice(0, -1)) {
    await removeClientCredential(tx, principalId, credentialId, changing);
  }
  if (!isKnown) {
    await addClientCertificate(tx, principalId, { name: 'rotated', ...key }, changing);
  }
  return token.thumbprint;
}
