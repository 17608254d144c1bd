import {
  createDOMRenderer,
  FluentProvider,
  makeStaticStyles,
  RendererProvider,
} from '@fluentui/react-components';
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import { rememberTheme, themes, usualTheme, type ThemeName } from './themes.ts';

interface ThemeChoice {
  readonly theme: ThemeName;
  readonly setTheme: (theme: ThemeName) => void;
}

const Choice = createContext<ThemeChoice>({ theme: 'light', setTheme: () => undefined });

const usePageStyles = makeStaticStyles({
  'html, body, #root': { margin: '0', height: '100%' },
  '*, *::before, *::after': { boxSizing: 'border-box' },
  '@media (prefers-reduced-motion: reduce)': {
    '*, *::before, *::after': {
      animationDuration: '0.01ms !important',
      transitionDuration: '0.01ms !important',
      scrollBehavior: 'auto !important',
    },
  },
});

/** The page allows only styles that carry the number the server gave to this answer. */
function nonceOfPage(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]');
  const nonce = meta?.content;
  return nonce === undefined || nonce === '__NONCE__' ? undefined : nonce;
}

const nonce = nonceOfPage();
const renderer = createDOMRenderer(
  document,
  nonce === undefined ? {} : { styleElementAttributes: { nonce } },
);

/** Everything below it has the colours that were chosen. */
export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [theme, choose] = useState(usualTheme);
  const setTheme = useCallback((chosen: ThemeName) => {
    rememberTheme(chosen);
    choose(chosen);
  }, []);
  const choice = useMemo(() => ({ theme, setTheme }), [theme, setTheme]);
  useEffect(() => {
    document.documentElement.style.colorScheme = theme === 'light' ? 'light' : 'dark';
  }, [theme]);
  return (
    <Choice value={choice}>
      <RendererProvider renderer={renderer}>
        <FluentProvider theme={themes[theme]} style={{ minHeight: '100%' }}>
          <PageStyles />
          {children}
        </FluentProvider>
      </RendererProvider>
    </Choice>
  );
}

function PageStyles(): ReactNode {
  usePageStyles();
  return null;
}

/** Which theme is shown, and how to choose another. */
export function useTheme(): ThemeChoice {
  return use(Choice);
}
