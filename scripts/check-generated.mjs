// Files that are generated and committed. Without arguments: fails when one is stale. With --write: writes them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileAssembly } from './compile-assembly.mjs';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
install();
build();

const dist = (path) => join(root, 'dist', path);
const { schemaText } = await import(dist('apps/api/src/print-schema.js'));
const { loadMethodology, renderMethodology } = await import(dist('libs/methodology/src/index.js'));

const { parse, print } = await import('graphql');
const { datasetPages } = await import(dist('libs/rows/src/index.js'));

/** What embed keys may run, by hash: each document as GraphQL prints it, so that spaces and comments make no difference. */
function trustedDocuments() {
  const folder = join(root, 'widgets/operations');
  const documents = readdirSync(folder)
    .sort()
    .map((name) => {
      const document = print(parse(readFileSync(join(folder, name), 'utf8')));
      return [createHash('sha256').update(document).digest('hex'), { name, document }];
    });
  return `${JSON.stringify(Object.fromEntries(documents), null, 2)}\n`;
}

const generated = {
  'apps/api/schema.gql': await schemaText(),
  'apps/api/data/trusted-documents.json': trustedDocuments(),
  ...(await compileAssembly()),
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
