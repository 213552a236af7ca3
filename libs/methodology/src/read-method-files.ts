import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPair, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { MethodologyProblem } from './methodology-error.js';
import { pathText } from './methodology-error.js';

/** Content of the files of a method by name (`indicators/affinity.yaml`), as plain values. */
export interface RawFiles {
  readonly contents: ReadonlyMap<string, unknown>;
  readonly problems: readonly MethodologyProblem[];
}

/** Reads every YAML file of the folder. A file that is not clean YAML, or says a key twice, becomes a problem. */
export function readMethodFiles(folder: string): RawFiles {
  const contents = new Map<string, unknown>();
  const problems: MethodologyProblem[] = [];
  for (const file of methodFileNames(folder)) {
    const lines = new LineCounter();
    const document = parseDocument(readFileSync(join(folder, file), 'utf8'), { uniqueKeys: true, lineCounter: lines });
    if (document.errors.length === 0) contents.set(file, document.toJS());
    for (const error of document.errors) {
      const path = pathAt(document, error.pos[0]);
      const { line } = lines.linePos(error.pos[0]);
      const message = error.code === 'DUPLICATE_KEY' ? 'this key stands twice' : (error.message.split('\n')[0] ?? '');
      problems.push({ file, path, message: `${message} (line ${line})` });
    }
  }
  return { contents, problems };
}

function methodFileNames(folder: string): readonly string[] {
  const yamlIn = (path: string) => (existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.yaml')) : []);
  return [...yamlIn(folder), ...yamlIn(join(folder, 'indicators')).map((name) => `indicators/${name}`)].sort();
}

/** Path of the key or item that begins at this offset; empty where there is none. */
function pathAt(document: Document.Parsed, offset: number): string {
  let found = '';
  visit(document, {
    Node(_, node, ancestors) {
      if (node.range?.[0] !== offset) return undefined;
      found = pathText(steps([...ancestors, node] as readonly (Node | Pair | Document)[]));
      return visit.BREAK;
    },
  });
  return found;
}

function steps(chain: readonly (Node | Pair | Document)[]): readonly (string | number)[] {
  return chain.flatMap((node, i): readonly (string | number)[] => {
    if (isPair(node)) return [String(node.key)];
    const parent = chain[i - 1];
    if (parent && 'items' in parent && Array.isArray(parent.items)) return [parent.items.indexOf(node as never)];
    return [];
  });
}
