import { maskTypedText } from '../../check/mask-personal.js';
import type { DatasetId, FileLayout, FileMapping } from '../../tasks.js';
import { findHeader } from './find-header.js';
import type { FoundHeader, Table } from './find-header.js';
import { normaliseHeader } from './header-spellings.js';

/**
 * How a layout and the headers of a file go together. `same`: it was given for these very headers. `fits`: every header
 * it names is there, in a file much like the one it was given for. `changed`: such a file, but a header it names is gone.
 */
export type Fit = 'same' | 'fits' | 'changed';

export interface FittingLayout {
  readonly layout: FileLayout;
  readonly header: FoundHeader;
  readonly fit: Fit;
}

const order: readonly Fit[] = ['changed', 'fits', 'same'];
/** Share of headers that a file of the same source must have in common with the last one. */
const leastInCommon = 0.5;

/** The layout of the dataset that goes best with the file; null: it comes from elsewhere. */
export function chooseLayout(
  dataset: DatasetId,
  layouts: readonly FileLayout[],
  tablesOf: (mapping: FileMapping | undefined) => readonly Table[],
): FittingLayout | null {
  let best: (FittingLayout & { readonly inCommon: number }) | null = null;
  for (const layout of layouts) {
    if (layout.dataset !== dataset) continue;
    const header = findHeader(dataset, layout.mapping, tablesOf(layout.mapping));
    if (!header) continue;
    const fitting = fitOf(layout, filledHeaders(header.table.rows[header.row] ?? []));
    if (!fitting) continue;
    const better =
      best === null ||
      order.indexOf(fitting.fit) > order.indexOf(best.fit) ||
      (fitting.fit === best.fit && fitting.inCommon > best.inCommon);
    if (better) best = { layout, header, ...fitting };
  }
  return best;
}

function fitOf(
  { headers, mapping }: FileLayout,
  seen: readonly string[],
): { readonly fit: Fit; readonly inCommon: number } | null {
  if (headers !== null && headersKey(headers) === headersKey(seen)) return { fit: 'same', inCommon: 1 };
  const there = namesOf(seen);
  const named = namesOf(Object.values(mapping.columns).flatMap(({ from }) => from));
  const found = [...named].filter((name) => there.has(name)).length;
  const known = headers === null ? null : namesOf(headers);
  const inCommon = known === null ? (named.size === 0 ? 0 : found / named.size) : shared(known, there);
  if (known === null && named.size === 0) return { fit: 'fits', inCommon };
  if (inCommon < leastInCommon) return null;
  return { fit: found === named.size ? 'fits' : 'changed', inCommon };
}

/** Part of all names that both have. */
function shared(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = [...one].filter((name) => other.has(name)).length;
  return both / (one.size + other.size - both);
}

function namesOf(headers: readonly string[]): ReadonlySet<string> {
  return new Set(headers.map(normaliseHeader).filter((name) => name !== ''));
}

/** Texts of a row of headers as they are kept: trimmed, numbers of persons masked, without blank ones. */
export function filledHeaders(cells: readonly string[]): readonly string[] {
  return cells.map((cell) => maskTypedText(cell.trim())).filter((text) => text !== '');
}

/** Equal for files with the same headers, in whatever order they stand. */
export function headersKey(headers: readonly string[]): string {
  return JSON.stringify([...new Set(headers.map((header) => header.normalize('NFKC').trim()))].sort());
}
