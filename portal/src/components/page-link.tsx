import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    ':focus-visible': {
      outlineStyle: 'solid',
      outlineWidth: '2px',
      outlineOffset: '2px',
      outlineColor: tokens.colorStrokeFocus2,
      borderRadius: tokens.borderRadiusSmall,
    },
  },
  link: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'underline',
    textUnderlineOffset: '2px',
    ':hover': { color: tokens.colorBrandForegroundLinkHover },
  },
  button: {
    display: 'inline-flex',
    alignItems: 'center',
    minHeight: '32px',
    padding: '0 12px',
    // Seen where colours are those of the system and it has no background.
    border: `1px solid ${tokens.colorTransparentStroke}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
    fontWeight: tokens.fontWeightSemibold,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorBrandBackgroundHover },
  },
});

export interface PageLinkProps {
  /** The path of a route, such as `/invoices/$number`. */
  readonly to: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly search?: object;
  /** As a button: what somebody comes to a page to do. */
  readonly isButton?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Leads to another page of the portal. */
export function PageLink(props: PageLinkProps): ReactNode {
  const { to, params, search, isButton = false, className, children } = props;
  const styles = useStyles();
  return (
    <Link
      to={to}
      params={params ?? {}}
      search={search ?? {}}
      className={mergeClasses(styles.root, isButton ? styles.button : styles.link, className)}
    >
      {children}
    </Link>
  );
}
