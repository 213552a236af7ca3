import { refuse } from '../refuse.js';
import { readElements } from './small-part.js';
import type { WorkbookParts } from './workbook-parts.js';

export interface SheetEntry {
  readonly name: string;
  readonly part: string;
  readonly hidden: boolean;
}

export interface Workbook {
  /** Sheets with cells, visible ones first, else in their order. */
  readonly sheets: readonly SheetEntry[];
  /** Days count from 1904 instead of 1900. */
  readonly from1904: boolean;
  readonly stylesPart: string | null;
  readonly stringsPart: string | null;
}

interface Relation {
  readonly id: string;
  readonly kind: string;
  readonly part: string;
}

export async function readWorkbook(parts: WorkbookParts): Promise<Workbook> {
  const documents = await readRelations(parts, '_rels/.rels', '');
  const part = documents.find(({ kind }) => kind === 'officeDocument')?.part ?? 'xl/workbook.xml';
  if (!parts.has(part)) refuse('file_zip');
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const relations = await readRelations(parts, `${folder}_rels/${part.slice(folder.length)}.rels`, folder);

  const sheets: SheetEntry[] = [];
  let from1904 = false;
  for (const { name, attributes } of readElements(await parts.readSmall(part), part)) {
    if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes.get('date1904') ?? '');
    if (name !== 'sheet') continue;
    const relation = relations.find(({ id }) => id === attributes.get('r:id'));
    if (relation?.kind !== 'worksheet' || !parts.has(relation.part)) continue;
    const hidden = ['hidden', 'veryHidden'].includes(attributes.get('state') ?? '');
    sheets.push({ name: attributes.get('name') ?? '', part: relation.part, hidden });
  }
  if (sheets.length === 0) refuse('workbook_without_sheet');
  const partOf = (kind: string): string | null => {
    const found = relations.find((relation) => relation.kind === kind)?.part;
    return found !== undefined && parts.has(found) ? found : null;
  };
  return {
    sheets: [...sheets.filter(({ hidden }) => !hidden), ...sheets.filter(({ hidden }) => hidden)],
    from1904,
    stylesPart: partOf('styles'),
    stringsPart: partOf('sharedStrings'),
  };
}

async function readRelations(parts: WorkbookParts, part: string, folder: string): Promise<readonly Relation[]> {
  if (!parts.has(part)) return [];
  return readElements(await parts.readSmall(part), part)
    .filter(({ name, attributes }) => name === 'Relationship' && attributes.get('TargetMode') !== 'External')
    .map(({ attributes }) => ({
      id: attributes.get('Id') ?? '',
      kind: (attributes.get('Type') ?? '').split('/').at(-1) ?? '',
      part: resolvePart(folder, attributes.get('Target') ?? ''),
    }));
}

/** A target is relative to the folder of its part, or absolute from the root of the zip. */
function resolvePart(folder: string, target: string): string {
  const steps: string[] = [];
  for (const step of (target.startsWith('/') ? target : folder + target).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}
