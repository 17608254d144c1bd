import { makeStyles, tokens, typographyStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: '12px',
    padding: '32px 16px',
    marginBottom: '12px',
    textAlign: 'center',
    border: `1px dashed ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
  },
  text: { margin: 0, maxWidth: '60ch' },
  title: { ...typographyStyles.subtitle2, color: tokens.colorNeutralForeground1, margin: 0 },
});

/** Where there is nothing yet: what there could be, and how it comes to be. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title?: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      {title !== undefined && <p className={styles.title}>{title}</p>}
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  );
}
