import { makeStyles, tokens, typographyStyles } from '@fluentui/react-components';
import { useEffect, useRef, type ReactNode } from 'react';
import { isFirstPage, pageWasShown } from '../app/visits.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: '12px',
    marginBottom: '16px',
  },
  heading: {
    ...typographyStyles.title2,
    margin: 0,
    overflowWrap: 'anywhere',
    outlineStyle: 'none',
  },
  description: {
    margin: '4px 0 0',
    color: tokens.colorNeutralForeground2,
    maxWidth: '75ch',
    textWrap: 'pretty',
  },
  trail: { marginBottom: '4px' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
});

export interface PageHeaderProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Where the page belongs: links to the pages above it. */
  readonly trail?: ReactNode;
  /** Buttons that concern the whole page. */
  readonly actions?: ReactNode;
}

/** The heading of a page. Names the window, and takes the focus when somebody came here from another page. */
export function PageHeader({ title, description, trail, actions }: PageHeaderProps): ReactNode {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} - Stackmeter`;
  }, [title]);
  useEffect(() => {
    // On the first page the focus stays where the browser puts it, before the skip link.
    if (!isFirstPage()) heading.current?.focus({ preventScroll: true });
    pageWasShown();
  }, []);
  return (
    <div className={styles.root}>
      <div>
        {trail !== undefined && <div className={styles.trail}>{trail}</div>}
        <h1 ref={heading} tabIndex={-1} className={styles.heading}>
          {title}
        </h1>
        {description !== undefined && <p className={styles.description}>{description}</p>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
