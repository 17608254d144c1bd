import { Badge, makeStyles, type BadgeProps } from '@fluentui/react-components';
import {
  CheckmarkCircleRegular,
  CircleRegular,
  DismissCircleRegular,
  InfoRegular,
  WarningRegular,
} from '@fluentui/react-icons';
import type { ReactElement, ReactNode } from 'react';

export type Tone = 'good' | 'warning' | 'bad' | 'info' | 'neutral';

const LOOKS: Readonly<
  Record<Tone, { readonly color: NonNullable<BadgeProps['color']>; readonly icon: ReactElement }>
> = {
  good: { color: 'success', icon: <CheckmarkCircleRegular aria-hidden /> },
  warning: { color: 'warning', icon: <WarningRegular aria-hidden /> },
  bad: { color: 'danger', icon: <DismissCircleRegular aria-hidden /> },
  info: { color: 'informative', icon: <InfoRegular aria-hidden /> },
  neutral: { color: 'informative', icon: <CircleRegular aria-hidden /> },
};

// It is one line high, so that its words do not stand over its edges where there is little room.
const useStyles = makeStyles({ root: { whiteSpace: 'nowrap' } });

/** States are words of a sentence elsewhere; alone they begin as one. */
function capitalised(content: ReactNode): ReactNode {
  if (typeof content !== 'string') return content;
  return content.slice(0, 1).toUpperCase() + content.slice(1);
}

/** A state: in words and with a sign, so that the colour is only a third way to tell it. */
export function StateBadge({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
}): ReactNode {
  const { color, icon } = LOOKS[tone];
  return (
    <Badge appearance="tint" color={color} icon={icon} shape="rounded" className={useStyles().root}>
      {capitalised(children)}
    </Badge>
  );
}
