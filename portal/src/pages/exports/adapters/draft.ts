import type { Adapter, AdapterSettings, AdapterTerms } from '../../../api/types/adapters.ts';

export const adapterKinds = ['webhook', 'csv', 'stripe', 'lago'] as const;
export type AdapterKind = (typeof adapterKinds)[number];

/** An adapter while it is written. Names are lines such as `id = name`. */
export interface AdapterDraft {
  readonly name: string;
  readonly kind: AdapterKind;
  readonly url: string;
  readonly ca: string;
  readonly secret: string;
  readonly meters: string;
  readonly customers: string;
  readonly includeFree: boolean;
  /** Digits after the point of a quantity, where the other side takes whole numbers. */
  readonly decimals: string;
  /** Day from which on usage goes; empty: from now on. */
  readonly startDay: string;
}

export type AdapterField = 'name' | 'url' | 'secret' | 'meters' | 'customers' | 'decimals';
export type AdapterFaults = ReadonlySet<AdapterField>;

export function newAdapter(): AdapterDraft {
  return {
    name: '',
    kind: 'webhook',
    url: '',
    ca: '',
    secret: '',
    meters: '',
    customers: '',
    includeFree: false,
    decimals: '0',
    startDay: '',
  };
}

export function draftOf({ name, kind, settings = {} }: Adapter): AdapterDraft {
  return {
    ...newAdapter(),
    name,
    kind: adapterKinds.find((one) => one === kind) ?? 'webhook',
    url: settings.url ?? '',
    ca: settings.ca ?? '',
    meters: linesOf(settings.meters),
    customers: linesOf(settings.customers),
    includeFree: settings.includeFree ?? false,
    decimals: String(settings.decimals ?? 0),
  };
}

/** Whether usage is told to an address, rather than written to files. */
export function hasAddress({ kind }: Pick<AdapterDraft, 'kind'>): boolean {
  return kind !== 'csv';
}

/** Whether a key of the other side is wanted; that of a webhook is made. */
export function hasKey({ kind }: Pick<AdapterDraft, 'kind'>): boolean {
  return kind === 'stripe' || kind === 'lago';
}

/** Whether the key has to be given: it stays where it was given for, which is the address and who vouches for it. */
export function needsKey(draft: AdapterDraft, before?: AdapterDraft): boolean {
  const isThere = (field: 'url' | 'ca'): boolean => before?.[field].trim() === draft[field].trim();
  return hasKey(draft) && !(isThere('url') && isThere('ca'));
}

/**
 * What is sent, or the fields that are wrong. What does not belong to the kind is left out.
 *
 * @param before what it was, of which what is not said stays; undefined: a new one
 */
export function readAdapter(
  draft: AdapterDraft,
  accountId: string,
  before?: AdapterDraft,
): { readonly terms: AdapterTerms } | { readonly faults: AdapterFaults } {
  const { name, kind, secret, includeFree, startDay, decimals } = draft;
  const [url, ca] = [draft.url.trim(), draft.ca.trim()];
  const [meters, customers] = [namesOf(draft.meters), namesOf(draft.customers)];
  const faults = new Set<AdapterField>();
  if (name.trim() === '') faults.add('name');
  const isUrl = URL.canParse(url) && url.startsWith('https://');
  // The usual one is chosen once; later an address that is not given stays.
  const mayBeUsual = kind !== 'webhook' && (before?.url ?? '') === '';
  if (hasAddress(draft) && (url === '' ? !mayBeUsual : !isUrl)) faults.add('url');
  if (needsKey(draft, before) && secret === '') faults.add('secret');
  if (meters === undefined) faults.add('meters');
  if (customers === undefined) faults.add('customers');
  if (kind === 'stripe' && !/^(?:\d|1[0-2])$/.test(decimals)) faults.add('decimals');
  if (faults.size > 0 || meters === undefined || customers === undefined) return { faults };
  return {
    terms: {
      name: name.trim(),
      ...(before === undefined && { accountId, kind }),
      ...(before === undefined && startDay !== '' && { startWindow: `${startDay}T00:00:00Z` }),
      ...(hasKey(draft) && secret !== '' && { secret }),
      settings: {
        ...(hasAddress(draft) && url !== '' && { url }),
        ...(hasAddress(draft) && caOf(ca, before?.ca.trim() ?? '')),
        ...(kind === 'stripe' && { decimals: Number.parseInt(decimals, 10) }),
        meters,
        customers,
        includeFree,
      },
    },
  };
}

/** What is taken away has to be said: null. */
function caOf(ca: string, before: string): Pick<AdapterSettings, 'ca'> {
  if (ca === '') return before === '' ? {} : { ca: null };
  return { ca };
}

/** Lines such as `id = name`; undefined where one is not like that, or an id comes twice. */
export function namesOf(text: string): Readonly<Record<string, string>> | undefined {
  const names = new Map<string, string>();
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [, id, name] = /^([^=\s]+)\s*=\s*(\S.*)$/.exec(line) ?? [];
    if (id === undefined || name === undefined || names.has(id.toLowerCase())) return undefined;
    names.set(id.toLowerCase(), name);
  }
  return Object.fromEntries(names);
}

function linesOf(names: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(names ?? {})
    .map(([id, name]) => `${id} = ${name}`)
    .join('\n');
}
