import type { Brand } from './brand.ts';

/** A subscription of the stamp, as lower-case GUID text. */
export type SubscriptionId = Brand<string, 'SubscriptionId'>;
/** A directory (identity) tenant, as lower-case GUID text. */
export type DirectoryTenantId = Brand<string, 'DirectoryTenantId'>;
/** Who calls: a client or a person of a directory, as lower-case GUID text. */
export type PrincipalId = Brand<string, 'PrincipalId'>;
/** A meter id in the case in which its emitter writes it. Compare by {@link meterKey} only. */
export type MeterId = Brand<string, 'MeterId'>;
/** The form of a meter id that two spellings of the same meter share. */
export type MeterKey = Brand<string, 'MeterKey'>;
/** The id that a sender gives to a record, exactly as sent: case counts. */
export type RecordId = Brand<string, 'RecordId'>;

const guidLength = 36;
const hyphen = 0x2d;
const longestMeterId = 128;

// Meter ids are GUIDs with or without hyphens, or an operator's own words; never unprintable text.
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

/** Reads a GUID (8-4-4-4-12 hexadecimal digits) in any case; undefined for anything else. */
export function parseSubscriptionId(text: string): SubscriptionId | undefined {
  return isGuid(text) ? (text.toLowerCase() as SubscriptionId) : undefined;
}

/** Reads a GUID (8-4-4-4-12 hexadecimal digits) in any case; undefined for anything else. */
export function parseDirectoryTenantId(text: string): DirectoryTenantId | undefined {
  return isGuid(text) ? (text.toLowerCase() as DirectoryTenantId) : undefined;
}

/** Reads a GUID (8-4-4-4-12 hexadecimal digits) in any case; undefined for anything else. */
export function parsePrincipalId(text: string): PrincipalId | undefined {
  return isGuid(text) ? (text.toLowerCase() as PrincipalId) : undefined;
}

/**
 * Reads a meter id: 1 to 128 printable characters, no space at either end. The case is kept, because
 * answers give each emitter's own spelling back.
 */
export function parseMeterId(text: string): MeterId | undefined {
  if (text.length === 0 || text.length > longestMeterId) return undefined;
  if (text.trim() !== text || unprintable.test(text)) return undefined;
  return text as MeterId;
}

/** The comparison key of a meter id: emitters write the same id in different cases. */
export function meterKey(id: MeterId): MeterKey {
  return id.toLowerCase() as unknown as MeterKey;
}

/** Reads a record id: any text that is not empty. How long it may be is the reader's own rule. */
export function parseRecordId(text: string): RecordId | undefined {
  return text.length > 0 ? (text as RecordId) : undefined;
}

/** Whether the text is a GUID: 8-4-4-4-12 hexadecimal digits in any case, no braces. */
export function isGuid(text: string): boolean {
  if (text.length !== guidLength) return false;
  for (let index = 0; index < guidLength; index++) {
    const code = text.charCodeAt(index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== hyphen) return false;
    } else if (!isHexadecimal(code)) {
      return false;
    }
  }
  return true;
}

function isHexadecimal(code: number): boolean {
  // Setting bit 5 makes a letter lower case; no other character becomes a letter a to f by it.
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}
