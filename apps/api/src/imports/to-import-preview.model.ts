import type { ImportPreview } from '@hotline/imports';
import type { ShownCell } from '@hotline/rows';
import type { ImportPreviewModel, StoredCellModel } from './import-preview.model.js';
import { toImportModel } from './to-import.model.js';

export function toImportPreviewModel({ entity, version, changes, detail }: ImportPreview): ImportPreviewModel {
  const { result } = entity;
  if (!result) throw new Error(`import ${entity.id} was previewed without a check`);
  return {
    import: toImportModel(entity),
    version,
    counts: result.counts,
    changes,
    unusedColumns: result.columns.flatMap(({ header, column }) => (column === null ? [header] : [])),
    firstDay: result.firstDay,
    lastDay: result.lastDay,
    days: detail.days,
    presentDays: detail.presentDays,
    present: [...detail.present],
    firstRows: detail.firstRows.map((row) => row.map(toCell)),
    changedRows: detail.changedRows.map(({ key, cells }) => ({
      key: key.map(toCell),
      cells: cells.map((cell) => ({ ...cell, old: toText(cell.old), new: toText(cell.new) })),
    })),
  };
}

function toCell(cell: ShownCell): StoredCellModel {
  return { ...cell, value: toText(cell.value) };
}

function toText(value: ShownCell['value']): string | null {
  return value === null ? null : String(value);
}
