// Compiles the inner loops that are written in AssemblyScript to WebAssembly, as source files that need no loader.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './setup.mjs';

/** What is generated, of which source within the project, and the memory it needs in pages of 64 KiB. */
const modules = {
  'libs/scoring/src/draw-sums.wasm.ts': { source: 'libs/scoring/assembly/draw-sums.ts', pages: 16 },
  'libs/rows/src/check/number-tokens.wasm.ts': { source: 'libs/rows/assembly/number-tokens.ts', pages: 16 },
  'libs/rows/src/check/plain/plain-rows.wasm.ts': { source: 'libs/rows/assembly/plain-rows.ts', pages: 16 },
  'libs/rows/src/decode/text/gb18030-text.wasm.ts': { source: 'libs/rows/assembly/gb18030-text.ts', pages: 43 },
};

/** The text of each generated file, by its path. */
export async function compileAssembly() {
  const texts = {};
  for (const [target, made] of Object.entries(modules)) texts[target] = await compile(target, made);
  return texts;
}

async function compile(target, { source, pages }) {
  let binary = new Uint8Array();
  const options = ['--optimizeLevel', '3', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', String(pages)];
  const { stderr, error } = await asc.main([basename(source), ...options, '--outFile', 'compiled.wasm'], {
    // What it imports stands beside it; what does not stand there is of the language.
    readFile: (name) => {
      const path = join(root, dirname(source), name);
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
    writeFile: (_, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  const name = basename(source, '.ts').replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return `// Generated from ${relative(dirname(target), source)} by \`npm run generate\`.
const base64 =
  '${Buffer.from(binary).toString('base64')}';

/** The compiled module. */
export function ${name}Module(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
`;
}
