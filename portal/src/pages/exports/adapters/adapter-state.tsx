import type { ReactNode } from 'react';
import type { Adapter } from '../../../api/types/adapters.ts';
import { StateBadge, type Tone } from '../../../components/index.ts';
import { useHasText, useSay } from '../../../i18n/language.tsx';

const tones: Readonly<Record<Adapter['state'], Tone>> = {
  Enabled: 'good',
  Disabled: 'neutral',
  Parked: 'bad',
};

export function AdapterState({ adapter: { state } }: { readonly adapter: Adapter }): ReactNode {
  const say = useSay();
  return <StateBadge tone={tones[state]}>{say(`adapters.state.${state}`)}</StateBadge>;
}

/** What a kind is called; its own word where it is newer than this page. */
export function useKindName(): (kind: string) => string {
  const say = useSay();
  const hasText = useHasText();
  return (kind) => (hasText(`adapters.kind.${kind}`) ? say(`adapters.kind.${kind}`) : kind);
}
