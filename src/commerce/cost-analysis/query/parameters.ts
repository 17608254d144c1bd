/** Values of a statement, by the order in which they are mentioned. */
export class Values {
  readonly list: unknown[] = [];

  /** @returns the name of the parameter with its type */
  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }
}
