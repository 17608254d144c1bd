import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Reading the sources is most of what a short command does. Where the folder cannot be written nothing is kept.
enableCompileCache(join(import.meta.dirname, '../.artifacts/compile-cache'));
const { runCommandLine } = await import('./cli/index.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
