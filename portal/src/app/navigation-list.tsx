import { makeStyles, tokens, typographyStyles } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import { useId, type ReactNode } from 'react';
import { useSay } from '../i18n/language.tsx';
import { navigationFor, type NavigationSection } from './navigation.ts';
import { useViewer } from './viewer.tsx';

const useStyles = makeStyles({
  heading: {
    ...typographyStyles.caption1Strong,
    color: tokens.colorNeutralForeground2,
    margin: '12px 8px 4px',
  },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  link: {
    display: 'block',
    padding: '5px 8px',
    borderRadius: tokens.borderRadiusMedium,
    borderLeft: '3px solid transparent',
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    ':hover': {
      backgroundColor: tokens.colorNeutralBackground1Hover,
      color: tokens.colorNeutralForeground1Hover,
    },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    '&[aria-current="page"]': {
      backgroundColor: tokens.colorNeutralBackground1Selected,
      color: tokens.colorNeutralForeground1Selected,
      borderLeftColor: tokens.colorCompoundBrandStroke,
      fontWeight: tokens.fontWeightSemibold,
    },
  },
});

/** The pages that somebody may go to, under their headings. */
export function Navigation(): ReactNode {
  const viewer = useViewer();
  return navigationFor(viewer).map((one) => <SectionOfLinks key={one.section} {...one} />);
}

function SectionOfLinks({ section, routes }: NavigationSection): ReactNode {
  const styles = useStyles();
  const say = useSay();
  const id = useId();
  return (
    <>
      <h2 id={id} className={styles.heading}>
        {say(`common.section.${section}`)}
      </h2>
      <ul className={styles.list} aria-labelledby={id}>
        {routes.map(({ path, title }) => (
          <li key={path}>
            <Link
              to={path}
              className={styles.link}
              activeOptions={{ exact: path === '/', includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {say(title)}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
