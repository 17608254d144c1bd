import { fail, isJsonObject, type Instant } from '../kernel/index.ts';
import {
  contentOfWindow,
  hashOfWindow,
  readAccepted,
  writeAccepted,
  type AcceptedWindow,
  type ChainOwner,
} from './receipt.ts';
import {
  isSigned,
  readPublicJwk,
  signText,
  thumbprintOf,
  type PublicJwk,
  type SigningKey,
} from './signing.ts';
import { windowName } from './window-name.ts';

/**
 * What a stamp has reported, window after window, signed by commerce: can be checked by anybody who
 * has the public key, without asking anybody.
 */
export interface Statement extends ChainOwner {
  readonly version: 1;
  readonly issuedAt: string;
  /** In order; each chained to the one before. */
  readonly windows: readonly object[];
  readonly publicKey: PublicJwk;
  readonly signature: string;
}

function signedText(
  { registrationId, cloudId }: ChainOwner,
  issuedAt: string,
  windows: readonly AcceptedWindow[],
): string {
  const first = windows.at(0);
  const last = windows.at(-1);
  return [
    'stackmeter statement 1',
    registrationId,
    cloudId,
    issuedAt,
    windows.length,
    first === undefined ? '' : windowName(first.manifest.window),
    first?.previousHash ?? '',
    last === undefined ? '' : windowName(last.manifest.window),
    last?.hash ?? '',
  ].join('\n');
}

/** Signs the statement of consecutive accepted windows. */
export function signStatement(
  owner: ChainOwner,
  windows: readonly AcceptedWindow[],
  issuedAt: Instant,
  key: SigningKey,
): Statement {
  const at = issuedAt.toString();
  return {
    version: 1,
    registrationId: owner.registrationId,
    cloudId: owner.cloudId,
    issuedAt: at,
    windows: windows.map(writeAccepted),
    publicKey: key.publicJwk,
    signature: signText(key, signedText(owner, at, windows)),
  };
}

/** A statement that holds. */
export interface VerifiedStatement extends ChainOwner {
  readonly issuedAt: string;
  readonly kid: string;
  readonly windows: readonly AcceptedWindow[];
}

/**
 * Checks a statement from beginning to end, offline.
 *
 * @param statement parsed from JSON, trusted in nothing
 * @param trusted the public key of commerce; without one the key in the statement itself is taken,
 *   which shows that the statement was not altered, and not who signed it
 * @throws StatementInvalid, which names the first window that does not hold
 */
export function verifyStatement(statement: unknown, trusted?: PublicJwk): VerifiedStatement {
  const broken = (reason: string): Error => fail('StatementInvalid', { reason });
  if (!isJsonObject(statement)) throw broken('it is no JSON object');
  const { version, registrationId, cloudId, issuedAt, windows, publicKey, signature } = statement;
  if (version !== 1) throw broken('its version is not known');
  const stated = readPublicJwk(publicKey);
  if (stated === undefined) throw broken('it has no public key');
  if (trusted !== undefined && thumbprintOf(trusted) !== thumbprintOf(stated)) {
    throw broken('it was signed with another key than the one that is trusted');
  }
  if (
    typeof registrationId !== 'string' ||
    typeof cloudId !== 'string' ||
    typeof issuedAt !== 'string' ||
    typeof signature !== 'string' ||
    !Array.isArray(windows)
  ) {
    throw broken('a part of it is missing');
  }
  const owner = { registrationId, cloudId };
  const accepted = readChain(owner, windows, broken);
  if (!isSigned(stated, signedText(owner, issuedAt, accepted), signature)) {
    throw broken('its signature does not fit');
  }
  return { ...owner, issuedAt, kid: thumbprintOf(stated), windows: accepted };
}

function readChain(
  owner: ChainOwner,
  windows: readonly unknown[],
  broken: (reason: string) => Error,
): AcceptedWindow[] {
  const accepted: AcceptedWindow[] = [];
  for (const [at, value] of windows.entries()) {
    let window: AcceptedWindow | undefined;
    try {
      window = readAccepted(value);
    } catch {
      window = undefined;
    }
    if (window === undefined) throw broken(`its window ${at + 1} cannot be read`);
    const name = windowName(window.manifest.window);
    const before = accepted.at(-1);
    if (before !== undefined && window.previousHash !== before.hash) {
      throw broken(`the chain breaks before the window ${name}`);
    }
    if (before !== undefined && window.manifest.window <= before.manifest.window) {
      throw broken(`the window ${name} is out of order`);
    }
    if (hashOfWindow(window.previousHash, contentOfWindow(owner, window)) !== window.hash) {
      throw broken(`the window ${name} was altered`);
    }
    accepted.push(window);
  }
  return accepted;
}
