// Compiles the inner loops that are written in AssemblyScript to WebAssembly, as source files that need no loader.
import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './setup.mjs';

/** Source and what is generated of it, within the project. */
const modules = {
  'libs/scoring/src/draw-sums.wasm.ts': 'libs/scoring/assembly/draw-sums.ts',
  'libs/rows/src/check/number-tokens.wasm.ts': 'libs/rows/assembly/number-tokens.ts',
};

/** The text of each generated file, by its path. */
export async function compileAssembly() {
  const texts = {};
  for (const [target, source] of Object.entries(modules)) texts[target] = await compile(source, target);
  return texts;
}

async function compile(path, target) {
  const { binary, stderr, error } = await asc.compileString(readFileSync(join(root, path), 'utf8'), {
    optimizeLevel: 3,
    runtime: 'stub',
    enable: ['simd'],
    initialMemory: 16,
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  const name = basename(path, '.ts').replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return `// Generated from ${relative(dirname(target), path)} by \`npm run generate\`.
const base64 =
  '${Buffer.from(binary).toString('base64')}';

/** The compiled module. */
export function ${name}Module(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
`;
}
