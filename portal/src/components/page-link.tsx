import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'underline',
    textUnderlineOffset: '2px',
    ':hover': { color: tokens.colorBrandForegroundLinkHover },
    ':focus-visible': {
      outlineStyle: 'solid',
      outlineWidth: '2px',
      outlineColor: tokens.colorStrokeFocus2,
      borderRadius: tokens.borderRadiusSmall,
    },
  },
});

export interface PageLinkProps {
  /** The path of a route, such as `/invoices/$number`. */
  readonly to: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly search?: object;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Leads to another page of the portal. */
export function PageLink({ to, params, search, className, children }: PageLinkProps): ReactNode {
  const styles = useStyles();
  return (
    <Link
      to={to}
      params={params ?? {}}
      search={search ?? {}}
      className={mergeClasses(styles.root, className)}
    >
      {children}
    </Link>
  );
}
