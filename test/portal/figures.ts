import type { Page, Response } from 'playwright-core';

/** What the interfaces answered while a page was open, and what the page made of it. */
export interface Watch {
  /** Forgets what was answered before. */
  restart(): void;
  /** Every text and number in the answers since. */
  answered(): Promise<ReadonlySet<string>>;
  /** Answers that were errors, and what the page wrote to its console or threw. */
  troubles(): readonly string[];
}

/** Follows what a page asks for. */
export function watch(page: Page): Watch {
  let answers: Promise<string>[] = [];
  const troubles: string[] = [];
  page.on('response', (response) => {
    if (!isOfInterfaces(response)) return;
    if (response.status() >= 400) troubles.push(`${response.status()} ${response.url()}`);
    answers.push(response.text().catch(() => ''));
  });
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`thrown: ${String(error)}`));
  return {
    restart: () => {
      answers = [];
      troubles.length = 0;
    },
    answered: async () => {
      const values = new Set<string>();
      for (const text of await Promise.all(answers)) collect(text, values);
      return values;
    },
    troubles: () => troubles,
  };
}

function isOfInterfaces(response: Response): boolean {
  const { pathname } = new URL(response.url());
  const type = response.headers()['content-type'] ?? '';
  return !pathname.startsWith('/portal') && !pathname.includes('/oauth2/') && type.includes('json');
}

function collect(text: string, values: Set<string>): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return;
  }
  const visit = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') values.add(String(value));
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(parsed);
}

/** An amount or a quantity as a page shows it: the decimal that it stands for, and the text. */
export interface Figure {
  readonly value: string;
  readonly text: string;
}

/** Every amount and quantity that the page shows. */
export async function figuresOf(page: Page): Promise<readonly Figure[]> {
  return page.locator('main data').evaluateAll((elements) =>
    elements.map((element) => ({
      value: element.getAttribute('value') ?? '',
      text: element.textContent ?? '',
    })),
  );
}

/** Whether a figure is written as the language writes it, with as many digits after the point as are shown. */
export function isWritten({ value, text }: Figure, locale: string): boolean {
  const point = new Intl.NumberFormat(locale)
    .formatToParts(1.5)
    .find(({ type }) => type === 'decimal')?.value;
  const [, fraction = ''] = new RegExp(`\\d\\${point ?? '.'}(\\d+)`).exec(text) ?? [];
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: fraction.length,
    maximumFractionDigits: fraction.length,
    roundingMode: 'halfEven',
  });
  const shown = text.replaceAll('\u2212', '-');
  // Node formats a decimal as text digit by digit, as browsers do.
  const written = format.format(value as `${number}`);
  return shown.includes(written.replace('-', ''));
}
