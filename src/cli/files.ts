import { readFile, writeFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { fail } from '../kernel/index.ts';
import { PRIVATE_FILE, replaceFile } from '../platform/index.ts';

/**
 * The text of a file that an operand or option names.
 *
 * @param parameter as people know it: `FILE`, `--key`
 * @throws InvalidProperty that names it, when there is no such file or it cannot be read
 */
export async function readOperandFile(parameter: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const rule = `the file cannot be read (${messageOf(cause)})`;
    throw fail('InvalidProperty', { parameter, value: path, rule }, { cause });
  }
}

/** Like {@link readOperandFile}; `-` stands for what is piped in. */
export async function readFileOrInput(parameter: string, path: string): Promise<string> {
  return path === '-' ? textOf(process.stdin) : readOperandFile(parameter, path);
}

/**
 * Writes what a command was asked to put into a file, over what was there.
 *
 * @param options.isSecret for its owner's eyes: the file is readable by nobody else, and there whole or
 *   not at all
 * @throws InvalidProperty that names the option, when the file cannot be written
 */
export async function writeOut(
  option: string,
  path: string,
  text: string,
  { isSecret = false }: { readonly isSecret?: boolean } = {},
): Promise<void> {
  try {
    await (isSecret ? replaceFile(path, text, PRIVATE_FILE) : writeFile(path, text));
  } catch (cause) {
    const rule = `the file cannot be written (${messageOf(cause)})`;
    throw fail('InvalidProperty', { parameter: option, value: path, rule }, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
