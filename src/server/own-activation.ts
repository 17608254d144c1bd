import { SYSTEM } from '../audit/index.ts';
import { activationKeyOf, findRegistration } from '../commerce/registration/index.ts';
import { applyActivationKey, findActivation } from '../stamp/bridge/index.ts';
import type { Ground } from './wing.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Where both wings run here, the stamp finds commerce where it is now: on another port than before, or with another
 * certificate authority. An address that others can use too was chosen by somebody, and is left as it is.
 *
 * @param origin at which this server answers
 */
export async function refreshOwnActivation(
  { database, clock, log, stamp, ca }: Ground,
  origin: string,
): Promise<void> {
  const activation = await findActivation(database.pool);
  if (activation === undefined) return;
  const { commerceUrl, registrationId } = activation;
  if (!LOOPBACK.has(new URL(commerceUrl).hostname)) return;
  if (commerceUrl === origin && activation.ca === ca) return;
  const registration = await findRegistration(database.pool, registrationId);
  if (registration?.state !== 'Active') return;
  const address = { origin, ca, homeTenantId: stamp.homeTenantId };
  const key = await activationKeyOf({ database, clock }, registration, address);
  await applyActivationKey({ database, clock }, key, { clock, actor: SYSTEM });
  log.info({ from: commerceUrl, to: origin }, 'commerce in this process answers elsewhere now');
}
