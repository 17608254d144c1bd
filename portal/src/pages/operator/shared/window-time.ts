/** The start of a reported hour by its name: `2026-11-23T10Z` is `2026-11-23T10:00:00Z`. */
export function windowTime(name: string): string {
  return name.replace(/T(\d{2})Z$/, 'T$1:00:00Z');
}
