/** Characters that XML 1.0 cannot say, not even escaped. */
const unspeakable = /(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu;
const special = /[&<>"]/g;
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** The text as it stands between tags or in quotes. What XML cannot say becomes a space. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(unspeakable, ' ')
    .replace(special, (character) => escapes[character] ?? '');
}
