/** Counts and prints what was tried. */
export class Steps {
  #passed = 0;
  readonly #failed: string[] = [];

  /** Does one thing; a failure is told and the rest goes on, because each step says something of its own. */
  async step(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#passed += 1;
      process.stdout.write(`ok      ${name}\n`);
    } catch (error) {
      this.#failed.push(name);
      const told = error instanceof Error ? error.message : String(error);
      process.stdout.write(`FAILED  ${name}\n${told.replaceAll(/^/gm, '        ')}\n`);
    }
  }

  /** @returns the exit code */
  summary(): number {
    process.stdout.write(`${this.#passed} passed, ${this.#failed.length} failed\n`);
    return this.#passed > 0 && this.#failed.length === 0 ? 0 : 1;
  }
}
