/** A decimal as somebody writes it: with a point, or with a comma where the language has one. */
export function readDecimal(text: string, language: string): string | undefined {
  // Spaces of every kind part thousands in French.
  const plain = text.replaceAll(/[\s\u00a0\u202f]/g, '');
  // An English comma parts thousands: taken for a point, it would make a thousand out of a million.
  const pattern = language === 'fr' ? /^\d{1,15}(?:[.,]\d{1,6})?$/ : /^\d{1,15}(?:\.\d{1,6})?$/;
  if (!pattern.test(plain)) return undefined;
  const decimal = plain.replace(',', '.').replace(/^0+(?=\d)/, '');
  return /[1-9]/.test(decimal) ? decimal : undefined;
}

const ADDRESS = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/;

/** Addresses that somebody wrote one after the other; the service checks them closer. */
export function readAddresses(text: string): {
  readonly addresses: readonly string[];
  readonly wrong: readonly string[];
} {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  return {
    addresses: parts.filter((part) => ADDRESS.test(part)),
    wrong: parts.filter((part) => !ADDRESS.test(part)),
  };
}
