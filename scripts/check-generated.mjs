// Files that are generated and committed. Without arguments: fails when one is stale. With --write: writes them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileDrawSums } from './compile-assembly.mjs';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
install();
build();

const dist = (path) => join(root, 'dist', path);
const { schemaText } = await import(dist('apps/api/src/print-schema.js'));
const { loadMethodology, renderMethodology } = await import(dist('libs/methodology/src/index.js'));

const { datasetPages } = await import(dist('libs/rows/src/index.js'));

const generated = {
  'apps/api/schema.gql': await schemaText(),
  'libs/scoring/src/draw-sums.wasm.ts': await compileDrawSums(),
  'libs/methodology/METHODOLOGY.md': renderMethodology(loadMethodology()),
  ...Object.fromEntries(Object.entries(datasetPages()).map(([name, text]) => [`docs/datasets/${name}`, text])),
};

let stale = 0;
for (const [path, text] of Object.entries(generated)) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--write')) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  } else {
    console.error(`${path} is stale: run \`npm run generate\` and commit it`);
    stale += 1;
  }
}
process.exit(stale === 0 ? 0 : 1);
