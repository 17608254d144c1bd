/** Writes beside each file of a build that browsers load the same compressed, where that is smaller. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: compress-portal.ts FOLDER');

for (const name of globSync('assets/**/*.{js,css,svg,json}', { cwd: folder })) {
  const file = join(folder, name);
  const content = readFileSync(file);
  const compressed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  if (compressed.length < content.length) writeFileSync(`${file}.br`, compressed);
}
