/** Languages of the portal. */
export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

/** What a language calls itself. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  fr: 'Français',
};

const KEY = 'stackmeter.language';

function isLanguage(text: string | null): text is Language {
  return languages.some((one) => one === text);
}

/** The language that was chosen here before, else the first of the browser's that there is. */
export function usualLanguage(): Language {
  const chosen = localStorage.getItem(KEY);
  if (isLanguage(chosen)) return chosen;
  const known = navigator.languages.map((one) => one.slice(0, 2).toLowerCase()).find(isLanguage);
  return known ?? 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}

/** A language as it is written where the browser is at home: `en-GB` rather than `en`. */
export function localeOf(language: Language): string {
  return navigator.languages.find((one) => one.startsWith(`${language}-`)) ?? language;
}
