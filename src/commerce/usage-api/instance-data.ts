import { isJsonObject } from '../../kernel/index.ts';
import type { DetailRow } from './rows.ts';

/** By these a charge is traced back: the subscription of the stamp that used it, and who reported it. */
const SUBSCRIPTION_KEY = 'azureStackSubscriptionId';
const REGISTRATION_KEY = 'azureStackRegistrationId';
/** What the emitter wrote where it is no JSON object, to which members could be added. */
const EMITTED_KEY = 'emitted';

const OURS: ReadonlySet<string> = new Set(
  [SUBSCRIPTION_KEY, REGISTRATION_KEY, EMITTED_KEY].map((key) => key.toLowerCase()),
);

/**
 * The additional information of a row, as JSON text of an object: the members that the emitter wrote, byte for byte,
 * then ours. What is no object, or has members that ours could be confused with, stands under `emitted`.
 *
 * @param registrationId of who reported it; it stays when a registration is moved or made again, so a row never changes
 */
export function additionalInfoJson(row: DetailRow, registrationId: string): string {
  const ours = `"${SUBSCRIPTION_KEY}":${JSON.stringify(row.subscriptionId)},"${REGISTRATION_KEY}":${JSON.stringify(registrationId)}`;
  const text = row.additionalInfo.trim();
  if (isNothing(text)) return `{${ours}}`;
  const members = membersOf(text);
  if (members === undefined) {
    return `{"${EMITTED_KEY}":${JSON.stringify(row.additionalInfo)},${ours}}`;
  }
  if (members.some((key) => OURS.has(key.toLowerCase()))) {
    return `{"${EMITTED_KEY}":${text},${ours}}`;
  }
  return members.length === 0 ? `{${ours}}` : `${text.slice(0, -1)},${ours}}`;
}

/** Tags as JSON: an object when they are one, otherwise their text; undefined when there are none. */
export function tagsJson(tags: string): string | undefined {
  const text = tags.trim();
  if (isNothing(text)) return undefined;
  return membersOf(text) === undefined ? JSON.stringify(tags) : text;
}

/** Emitters write nothing, or `null`, for what there is not. */
function isNothing(text: string): boolean {
  return text === '' || text === 'null';
}

function membersOf(text: string): string[] | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? Object.keys(value) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The members of `instanceData` that both usage interfaces give, as JSON text. */
export function instanceJson(row: DetailRow, registrationId: string): string {
  const tags = tagsJson(row.tags);
  return (
    `{"resourceUri":${JSON.stringify(row.resourceUri)},"location":${JSON.stringify(row.location)},` +
    (tags === undefined ? '' : `"tags":${tags},`) +
    `"additionalInfo":${additionalInfoJson(row, registrationId)},"partNumber":"","orderNumber":""}`
  );
}
