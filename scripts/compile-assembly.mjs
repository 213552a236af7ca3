// Compiles the inner loop of the bootstrap to WebAssembly, as a source file that needs no loader.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './setup.mjs';

export async function compileDrawSums() {
  const source = readFileSync(join(root, 'libs/scoring/assembly/draw-sums.ts'), 'utf8');
  const { binary, stderr, error } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: 'stub',
    enable: ['simd'],
    initialMemory: 16,
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return `// Generated from ../assembly/draw-sums.ts by \`npm run generate\`.
const base64 =
  '${Buffer.from(binary).toString('base64')}';

/** The compiled module. */
export function drawSumsModule(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
`;
}
