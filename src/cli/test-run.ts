import { Writable } from 'node:stream';
import { runCommandLine } from './index.ts';

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** For tests: runs a command in this process and keeps what it writes. */
export async function runForTest(argv: readonly string[]): Promise<Ran> {
  const [out, err] = [keeper(), keeper()];
  const output = { out: out.stream, err: err.stream, isScreen: false };
  const exitCode = await runCommandLine(argv, output);
  return { exitCode, out: out.text(), err: err.text() };
}

function keeper(): { readonly stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
