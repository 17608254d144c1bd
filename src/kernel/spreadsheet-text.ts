/**
 * A text that others typed in, for a file that people open in a spreadsheet: what would be taken for a formula there gets
 * an apostrophe in front. Spreadsheets look at the first character; a tab or a line end before it does not stop them.
 * Numbers, which may begin with a minus, are not for this, nor are files whose readers need texts as they are.
 */
export function spreadsheetText(text: string): string {
  const wellFormed = text.toWellFormed();
  return /^[=+\-@\t\r\n]/.test(wellFormed) ? `'${wellFormed}` : wellFormed;
}
