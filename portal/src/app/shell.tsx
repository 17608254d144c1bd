import {
  Button,
  makeStyles,
  mergeClasses,
  tokens,
  typographyStyles,
} from '@fluentui/react-components';
import { NavigationRegular } from '@fluentui/react-icons';
import { Link, useLocation } from '@tanstack/react-router';
import { useId, useState, type ReactNode } from 'react';
import { useSay } from '../i18n/language.tsx';
import { AccountSwitch } from './account-switch.tsx';
import { LanguageSwitch, ThemeSwitch, UserMenu } from './header-menus.tsx';
import { Navigation } from './navigation-list.tsx';
import { useViewer } from './viewer.tsx';

const NARROW = '@media (max-width: 860px)';
const PHONE = '@media (max-width: 560px)';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', minHeight: '100vh' },
  skip: {
    position: 'absolute',
    left: '8px',
    top: '-60px',
    zIndex: 10,
    padding: '8px 12px',
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    ':focus': { top: '8px' },
  },
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px',
    padding: '6px 16px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  brand: {
    ...typographyStyles.subtitle2,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
  },
  region: {
    color: tokens.colorNeutralForeground2,
    ...typographyStyles.caption1,
    [PHONE]: { display: 'none' },
  },
  gap: { flexGrow: 1 },
  // Below all else, where there is no room beside it.
  account: { [PHONE]: { order: 1, flexBasis: '100%' } },
  body: { display: 'flex', flexGrow: 1, minWidth: 0, [NARROW]: { flexDirection: 'column' } },
  navigation: {
    width: '220px',
    flexShrink: 0,
    padding: '12px 8px',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    [NARROW]: { width: '100%', borderRight: 'none' },
  },
  closed: { [NARROW]: { display: 'none' } },
  opener: { display: 'none', [NARROW]: { display: 'inline-flex' } },
  main: {
    flexGrow: 1,
    minWidth: 0,
    padding: '20px 24px 48px',
    backgroundColor: tokens.colorNeutralBackground1,
    outlineStyle: 'none',
    [NARROW]: { padding: '16px 12px 48px' },
  },
});

/** What is around every page: who is signed in, what they may go to, and the page itself. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const { settings } = useViewer();
  const { pathname } = useLocation();
  // On another page it is closed again.
  const [openAt, setOpenAt] = useState<string>();
  const isOpen = openAt === pathname;
  const navigationId = useId();
  return (
    <div className={styles.root}>
      <a href="#content" className={styles.skip}>
        {say('common.skip')}
      </a>
      <header className={styles.header}>
        <Button
          className={styles.opener}
          appearance="subtle"
          icon={<NavigationRegular />}
          aria-expanded={isOpen}
          aria-controls={navigationId}
          aria-label={say('common.menu')}
          onClick={() => setOpenAt(isOpen ? undefined : pathname)}
        />
        <Link to="/" className={styles.brand}>
          {say('common.brand')}
        </Link>
        <span className={styles.region}>{settings.region}</span>
        <span className={styles.gap} />
        <AccountSwitch className={styles.account} />
        <LanguageSwitch />
        <ThemeSwitch />
        <UserMenu />
      </header>
      <div className={styles.body}>
        <nav
          id={navigationId}
          aria-label={say('common.navigation')}
          className={mergeClasses(styles.navigation, !isOpen && styles.closed)}
        >
          <Navigation />
        </nav>
        <main id="content" tabIndex={-1} className={styles.main}>
          {children}
        </main>
      </div>
    </div>
  );
}
