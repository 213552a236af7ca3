import { SaxesParser } from 'saxes';
import { refuse } from '../refuse.js';

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** By name without prefix; `id` of the relations namespace is `r:id`. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Names of the elements around it, outermost first. */
  readonly inside: readonly string[];
}

const deepest = 64;

/** Every element of a small XML part, in order. A document type is refused: it can define entities that grow without end. */
export function readElements(xml: string, part: string): readonly XmlElement[] {
  const elements: XmlElement[] = [];
  const inside: string[] = [];
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('doctype', () => refuse('workbook_doctype', { part }));
  parser.on('error', () => refuse('workbook_damaged', { part }));
  parser.on('opentag', (tag) => {
    const name = withoutPrefix(tag.name);
    const attributes = new Map<string, string>();
    for (const [key, value] of Object.entries(tag.attributes)) {
      const isRelation = key.endsWith(':id');
      attributes.set(isRelation ? 'r:id' : withoutPrefix(key), value);
    }
    elements.push({ name, attributes, inside: [...inside] });
    inside.push(name);
    if (inside.length > deepest) refuse('workbook_damaged', { part });
  });
  parser.on('closetag', () => {
    inside.pop();
  });
  parser.write(xml).close();
  return elements;
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
