import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Instant } from '../kernel/index.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { isSigned, signText, type PublicJwk, type SigningKey } from './signing.ts';
import { parseWindowName, windowName } from './window-name.ts';

/** The hash before the first window of a registration, in hexadecimal digits. */
export const GENESIS_HASH = '0'.repeat(64);

/** A window that commerce has accepted: what its manifest said, and its place in the chain. */
export interface AcceptedWindow {
  readonly manifest: Manifest;
  /** To the millisecond, by the clock of commerce. */
  readonly acceptedAt: Instant;
  /** SHA-256 in hexadecimal digits. */
  readonly previousHash: string;
  readonly hash: string;
}

/** Whose windows a chain is of. */
export interface ChainOwner {
  readonly registrationId: string;
  readonly cloudId: string;
}

/**
 * The text that the hash of a window covers besides the hash before it. Kept in databases and
 * statements: never to be written otherwise.
 */
export function contentOfWindow(
  { registrationId, cloudId }: ChainOwner,
  { manifest, acceptedAt }: Pick<AcceptedWindow, 'manifest' | 'acceptedAt'>,
): string {
  const { window, batches, rows, digest, meters } = manifest;
  return JSON.stringify([
    registrationId,
    cloudId,
    windowName(window),
    batches,
    rows,
    digest,
    meters.map((sum) => [sum.meterId, sum.rows, sum.quantity]),
    acceptedAt.toString(),
  ]);
}

/** SHA-256 over the hash before and the content, in hexadecimal digits. */
export function hashOfWindow(previousHash: string, content: string): string {
  return hash('sha256', `${previousHash}\n${content}`);
}

/** What commerce signs for one accepted window: proof for the stamp that it was taken. */
export interface Receipt {
  readonly registrationId: string;
  /** Name of the window. */
  readonly window: string;
  readonly acceptedAt: string;
  readonly previousHash: string;
  readonly hash: string;
  readonly kid: string;
  readonly signature: string;
}

function signedText(
  registrationId: string,
  {
    window,
    acceptedAt,
    previousHash,
    hash: own,
  }: Omit<Receipt, 'registrationId' | 'kid' | 'signature'>,
): string {
  return ['stackmeter receipt 1', registrationId, window, acceptedAt, previousHash, own].join('\n');
}

/** Signs the receipt of a window; the same window always gets the same receipt. */
export function signReceipt(
  { registrationId }: ChainOwner,
  accepted: AcceptedWindow,
  key: SigningKey,
): Receipt {
  const entry = {
    window: windowName(accepted.manifest.window),
    acceptedAt: accepted.acceptedAt.toString(),
    previousHash: accepted.previousHash,
    hash: accepted.hash,
  };
  const signature = signText(key, signedText(registrationId, entry));
  return { registrationId, ...entry, kid: key.kid, signature };
}

/**
 * Reads a receipt and checks that it was signed with this key for this registration, window and
 * manifest.
 *
 * @returns why it is none, or the receipt
 */
export function checkReceipt(
  value: unknown,
  owner: ChainOwner,
  manifest: Manifest,
  publicJwk: PublicJwk,
): Receipt | string {
  if (!isJsonObject(value)) return 'it is no JSON object';
  const { registrationId, window, acceptedAt, previousHash, hash: own, kid, signature } = value;
  const texts = [registrationId, window, acceptedAt, previousHash, own, kid, signature];
  if (!texts.every((text) => typeof text === 'string')) return 'a part of it is missing';
  const receipt = { registrationId, window, acceptedAt, previousHash, hash: own, kid, signature };
  if (!isReceipt(receipt)) return 'a part of it is missing';
  if (receipt.registrationId !== owner.registrationId) return 'it is of another registration';
  if (parseWindowName(receipt.window) !== manifest.window) return 'it is of another window';
  const at = instantOf(receipt.acceptedAt);
  if (at === undefined) return 'its time cannot be read';
  const content = contentOfWindow(owner, { manifest, acceptedAt: at });
  if (hashOfWindow(receipt.previousHash, content) !== receipt.hash)
    return 'it covers something else';
  if (!isSigned(publicJwk, signedText(owner.registrationId, receipt), receipt.signature)) {
    return 'its signature is not that of commerce';
  }
  return receipt;
}

function isReceipt(value: Readonly<Record<keyof Receipt, unknown>>): value is Receipt {
  return Object.values(value).every((text) => typeof text === 'string');
}

/** Reads a time that {@link contentOfWindow} wrote; undefined for any other form of it. */
export function instantOf(text: string): Instant | undefined {
  try {
    const instant = Temporal.Instant.from(text);
    return instant.toString() === text ? instant : undefined;
  } catch {
    return undefined;
  }
}

/** An accepted window as statements and answers have it. */
export function writeAccepted({ manifest, ...accepted }: AcceptedWindow): object {
  return {
    window: windowName(manifest.window),
    batches: manifest.batches,
    rows: manifest.rows,
    digest: manifest.digest,
    meters: manifest.meters.map((sum) => [sum.meterId, sum.rows, sum.quantity]),
    acceptedAt: accepted.acceptedAt.toString(),
    previousHash: accepted.previousHash,
    hash: accepted.hash,
  };
}

/** Reads what {@link writeAccepted} wrote; undefined for anything else. Nothing of it is checked yet. */
export function readAccepted(value: unknown): AcceptedWindow | undefined {
  if (!isJsonObject(value)) return undefined;
  const { acceptedAt, previousHash, hash: own, ...manifest } = value;
  const at = typeof acceptedAt === 'string' ? instantOf(acceptedAt) : undefined;
  if (at === undefined || typeof previousHash !== 'string' || typeof own !== 'string') {
    return undefined;
  }
  const accepted = {
    manifest: readManifest({ version: 1, ...manifest }),
    acceptedAt: at,
    previousHash,
    hash: own,
  };
  // Manifests are read in any spelling of a meter or a quantity; what was kept has one.
  return isDeepStrictEqual(writeAccepted(accepted), value) ? accepted : undefined;
}
