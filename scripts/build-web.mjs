// Bundles the elements and the console into dist/web, the folder the api serves:
//   widgets/v1/*.js   the elements, one file each and all together, lit included
//   index.html        the console, with assets/ whose names carry a hash of their content; the screens for signing in
//                     and for one's account are loaded when somebody needs them
// Prints the sizes over the wire and fails when a published element outgrows its limit.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minify } from '@swc/core';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist', 'web');
const widgets = join(root, 'widgets', 'src');
const console_ = join(root, 'apps', 'console', 'src');

/** gzip, in bytes of 1,000 to the kB. */
const limits = {
  'widgets/v1/grade-badge.js': 12_000,
  'widgets/v1/hotline-widgets.js': 30_000,
  'first page': 150_000,
};

/** Minifying leaves template literals as they are; in style sheets their white space means nothing. */
const minifyStyles = {
  name: 'minify-styles',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replace(/\bcss`[^`]*`/g, (literal) =>
        literal
          .replace(/\s+/g, ' ')
          .replace(/ ?([{};,]) ?/g, '$1')
          .replace(/([a-z-]): /g, '$1:')
          .replace(/ > /g, '>')
          .replace(/(?<![\d.])0\.(?=\d)/g, '.')
          .replace(/;}/g, '}'),
      ),
    }));
  },
};

const shared = {
  bundle: true,
  format: 'esm',
  minify: true,
  target: ['es2022'],
  legalComments: 'none',
  charset: 'utf8',
  tsconfig: join(root, 'tsconfig.json'),
  plugins: [minifyStyles],
  logLevel: 'warning',
};

rmSync(out, { recursive: true, force: true });

/** A second minifier takes off what the bundler leaves, and the indentation inside templates. */
async function shrink(file) {
  const { code } = await minify(readFileSync(file, 'utf8'), {
    module: true,
    compress: { passes: 3, ecma: 2022, module: true, toplevel: true },
    mangle: { toplevel: true },
  });
  writeFileSync(file, code.replace(/\n {2,}/g, ' '));
}

await build({
  ...shared,
  outdir: join(out, 'widgets', 'v1'),
  entryPoints: [
    { in: join(widgets, 'index.ts'), out: 'hotline-widgets' },
    { in: join(widgets, 'grade-badge', 'grade-badge.ts'), out: 'grade-badge' },
    { in: join(widgets, 'indicator-tree', 'indicator-tree.ts'), out: 'indicator-tree' },
  ],
});

for (const file of readdirSync(join(out, 'widgets', 'v1'))) await shrink(join(out, 'widgets', 'v1', file));

const { metafile } = await build({
  ...shared,
  outdir: join(out, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  splitting: true,
  metafile: true,
  entryPoints: [join(console_, 'main.ts'), join(console_, 'page.css')],
});
const bundled = (name) =>
  basename(Object.keys(metafile.outputs).find((file) => new RegExp(`/${name}-[^/]+$`).test(file)));

/** A script and everything it imports at once, by file name. */
function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const output = Object.entries(metafile.outputs).find(([file]) => basename(file) === name)?.[1];
  for (const { path, kind } of output.imports) if (kind === 'import-statement') withImports(basename(path), seen);
  return seen;
}
const firstScripts = withImports(bundled('main'));
const laterScripts = [...withImports(bundled('account-pages'))].filter((name) => !firstScripts.has(name));

const icon = readFileSync(join(console_, 'icon.svg'));
const iconName = `icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8).toUpperCase()}.svg`;
mkdirSync(join(out, 'assets'), { recursive: true });
cpSync(join(console_, 'icon.svg'), join(out, 'assets', iconName));

const preloads = [...firstScripts]
  .slice(1)
  .map((name) => `<link rel="modulepreload" href="/assets/${name}" />`)
  .join('');
const page = readFileSync(join(console_, 'index.html'), 'utf8')
  .replace('{{preloads}}', preloads)
  .replace('{{script}}', `/assets/${readName('main', '.js')}`)
  .replace('{{style}}', `/assets/${readName('page', '.css')}`)
  .replace('{{icon}}', `/assets/${iconName}`);
writeFileSync(join(out, 'index.html'), page);

function readName(name, extension) {
  const file = bundled(name);
  if (!file.endsWith(extension)) throw new Error(`expected ${name}${extension}, the bundler wrote ${file}`);
  return file;
}

const wireSize = (...files) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(out, file)), { level: 9 }).length, 0);
const sizes = {
  'widgets/v1/grade-badge.js': wireSize('widgets/v1/grade-badge.js'),
  'widgets/v1/indicator-tree.js': wireSize('widgets/v1/indicator-tree.js'),
  'widgets/v1/hotline-widgets.js': wireSize('widgets/v1/hotline-widgets.js'),
  'first page': wireSize('index.html', ...[...firstScripts, bundled('page')].map((name) => `assets/${name}`)),
  'sign-in and account, beyond it': wireSize(...laterScripts.map((name) => `assets/${name}`)),
};
let tooLarge = false;
for (const [name, size] of Object.entries(sizes)) {
  const limit = limits[name];
  const over = limit !== undefined && size > limit;
  tooLarge ||= over;
  const note = limit === undefined ? '' : `  ≤ ${limit / 1000} kB${over ? '  TOO LARGE' : ''}`;
  console.log(`${name.padEnd(32)} ${(size / 1000).toFixed(1).padStart(6)} kB gzip${note}`);
}
if (tooLarge) process.exit(1);
