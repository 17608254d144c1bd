import {
  teamsHighContrastTheme,
  webDarkTheme,
  webLightTheme,
  type Theme,
} from '@fluentui/react-components';

export const themeNames = ['light', 'dark', 'contrast'] as const;
export type ThemeName = (typeof themeNames)[number];

export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: webLightTheme,
  dark: webDarkTheme,
  contrast: teamsHighContrastTheme,
};

const KEY = 'stackmeter.theme';

/** The theme that was chosen here before, else what the machine is set to. */
export function usualTheme(): ThemeName {
  const chosen = localStorage.getItem(KEY);
  const known = themeNames.find((name) => name === chosen);
  if (known !== undefined) return known;
  if (matchMedia('(prefers-contrast: more)').matches) return 'contrast';
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function rememberTheme(name: ThemeName): void {
  localStorage.setItem(KEY, name);
}
