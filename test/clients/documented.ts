import { readFileSync } from 'node:fs';

/** A block of commands or code of the documentation. */
export interface Block {
  readonly language: string;
  /** What stands behind the language: how the block is called. */
  readonly name: string;
  readonly text: string;
}

/** The blocks of `docs/operating/connect.md`, in their order. */
export function documentedBlocks(): Block[] {
  const page = readFileSync(new URL('../../docs/operating/connect.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', name = '', text = '']) => ({ language, name, text }),
  );
}

/** The block of this name. */
export function documentedBlock(name: string): string {
  const found = documentedBlocks().filter((block) => block.name === name);
  const [block] = found;
  if (block === undefined || found.length > 1) throw new Error(`no block, or several: ${name}`);
  return block.text;
}

/** The first block: it sets what all others use. */
export function documentedConnect(): string {
  const [block] = documentedBlocks();
  if (block?.text.includes('connect --shell') !== true) throw new Error('it begins otherwise');
  return block.text;
}
