import {
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({ root: { marginBottom: '12px' } });

export interface NoticeProps {
  readonly tone?: 'info' | 'success' | 'warning' | 'error';
  readonly title?: string;
  readonly children: ReactNode;
  /** Buttons or links. */
  readonly actions?: ReactNode;
  /** Whether it is read out when it appears: for what just happened. */
  readonly isNews?: boolean;
}

/** A sentence that stands out. */
export function Notice(props: NoticeProps): ReactNode {
  const { tone = 'info', title, children, actions, isNews = false } = props;
  const styles = useStyles();
  return (
    <MessageBar
      intent={tone}
      layout="multiline"
      className={styles.root}
      // A group without news: the bar's own role would read it out each time the page is drawn.
      {...(isNews ? { role: 'status' } : { role: 'group', 'aria-live': 'off' as const })}
    >
      <MessageBarBody>
        {title !== undefined && <MessageBarTitle>{title}</MessageBarTitle>}
        {children}
      </MessageBarBody>
      {actions !== undefined && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  );
}
