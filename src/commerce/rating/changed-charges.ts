/**
 * SQL that notes what a run changes, in its transaction, for those who keep sums of it. Rows are only added here, so that
 * rating waits for nobody.
 *
 * @param select a statement that gives numbers of charges and days of which lines have changed, or null where the quantity
 *   or amount of the charge has; some may come twice
 */
export function noteChanges(select: string): string {
  return `insert into rated_change (charge, usage_day) ${select}`;
}
