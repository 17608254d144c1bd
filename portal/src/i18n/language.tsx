import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import type { Texts } from '../app/area.ts';
import { localeOf, rememberLanguage, usualLanguage, type Language } from './languages.ts';
import {
  formatCount,
  formatDecimal,
  formatExact,
  formatMoney,
  formatPercent,
  formatPeriod,
  formatTime,
  type DigitOptions,
  type TimePrecision,
} from './format.ts';

interface LanguageChoice {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const Choice = createContext<LanguageChoice>({ language: 'en', setLanguage: () => undefined });

/** Everything below it speaks the language that was chosen. */
export function LanguageProvider({
  texts,
  children,
}: {
  readonly texts: Readonly<Record<Language, Texts>>;
  readonly children: ReactNode;
}): ReactNode {
  const [language, choose] = useState(usualLanguage);
  const setLanguage = useCallback((chosen: Language) => {
    rememberLanguage(chosen);
    choose(chosen);
  }, []);
  const choice = useMemo(() => ({ language, setLanguage }), [language, setLanguage]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <Choice value={choice}>
      <IntlProvider locale={localeOf(language)} messages={texts[language]}>
        {children}
      </IntlProvider>
    </Choice>
  );
}

/** Adds the texts of an area to those there are. */
export function MoreTexts({
  texts,
  children,
}: {
  readonly texts: Readonly<Record<Language, Texts>>;
  readonly children: ReactNode;
}): ReactNode {
  const { locale, messages } = useIntl();
  const { language } = use(Choice);
  // Those that came before are texts too, though their type allows for read ones.
  const all: Texts = useMemo(() => {
    const before = Object.entries(messages).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return { ...Object.fromEntries(before), ...texts[language] };
  }, [messages, texts, language]);
  return (
    <IntlProvider locale={locale} messages={all}>
      {children}
    </IntlProvider>
  );
}

/** Which language is spoken, and how to choose another. */
export function useLanguage(): LanguageChoice {
  return use(Choice);
}

/** Values of the `{names}` in a message. Amounts are given as they were formatted. */
export type MessageInput = Readonly<Record<string, string | number>>;
export type Say = (id: string, values?: MessageInput) => string;

/** `say('common.retry')`: a text in the language that is spoken. */
export function useSay(): Say {
  const { formatMessage } = useIntl();
  return useCallback(
    (id: string, values?: MessageInput) => formatMessage({ id, defaultMessage: id }, values),
    [formatMessage],
  );
}

/** Whether there is such a text: what the server names may be newer than this page. */
export function useHasText(): (id: string) => boolean {
  const { messages } = useIntl();
  return (id) => Object.hasOwn(messages, id);
}

/** Numbers, money and times as the language writes them. */
export interface Formats {
  readonly decimal: (text: string, options?: DigitOptions) => string;
  readonly exact: (text: string) => string;
  readonly money: (
    text: string,
    currency: string,
    options?: { readonly exact?: boolean },
  ) => string;
  readonly percent: (text: string, digits?: number, least?: number) => string;
  readonly count: (count: number) => string;
  /** A billing period by its month. */
  readonly period: (name: string) => string;
  readonly time: (text: string, precision?: TimePrecision, zone?: string) => string;
}

export function useFormats(): Formats {
  const { locale } = useIntl();
  return useMemo(
    () => ({
      decimal: (text, options) => formatDecimal(locale, text, options),
      exact: (text) => formatExact(locale, text),
      money: (text, currency, options) => formatMoney(locale, text, currency, options),
      percent: (text, digits, least) => formatPercent(locale, text, digits, least),
      count: (count) => formatCount(locale, count),
      period: (name) => formatPeriod(locale, name),
      time: (text, precision, zone) => formatTime(locale, text, precision, zone),
    }),
    [locale],
  );
}
