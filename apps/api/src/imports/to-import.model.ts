import type { ImportEntity } from '@hotline/imports';
import { message, type Note, type Refusal } from '@hotline/rows';
import type { Failure } from '../request/failure.model.js';
import { ImportState, type ImportModel } from './import.model.js';

/** A count speaks of many cells: what differs between them stays open. The report has each. */
const anyCell = Object.fromEntries(
  ['name_zh', 'name_en', 'header', 'value', 'min', 'max', 'options_zh', 'options_en'].map((name) => [name, '…']),
);

export function toImportModel(entity: ImportEntity): ImportModel {
  const { result, refusal } = entity;
  return {
    id: entity.id,
    state: ImportState[entity.state],
    fileName: entity.fileName,
    sha256: entity.sha256,
    bytes: entity.bytes,
    dataset: entity.dataset ?? (entity.requestedDataset === '' ? null : entity.requestedDataset),
    uploadedAt: entity.uploadedAt,
    uploadedBy: entity.uploadedBy,
    committedAt: entity.committedAt,
    revertedAt: entity.revertedAt,
    counts: result?.counts ?? null,
    columns: [...(result?.columns ?? [])],
    issues: (result?.issueCounts ?? []).map(({ rule, level, count }) => ({
      rule,
      level,
      count,
      ...sentences(rule, anyCell),
    })),
    unknownValues: [...(result?.unknownValues ?? [])],
    notes: (result?.notes ?? []).map(toFailure),
    encoding: result?.encoding ?? null,
    sheet: result?.sheet ?? null,
    headerRow: result?.headerRow ?? null,
    firstDay: result?.firstDay ?? null,
    lastDay: result?.lastDay ?? null,
    refusal: refusal ? toFailure(refusal) : null,
    reportPath: result ? `/imports/${entity.id}/report.csv` : null,
    reportWorkbookPath: result ? `/imports/${entity.id}/report.xlsx` : null,
  };
}

function toFailure({ code, params }: Note | Refusal): Failure {
  return { code, ...sentences(code, params) };
}

/** What happened and what to do about it. */
function sentences(code: string, params: Refusal['params']): { message: string; messageEn: string } {
  const zh = message(code, params, 'zh-CN');
  const en = message(code, params, 'en');
  return { message: `${zh.text}${zh.remedy ?? ''}`, messageEn: [en.text, en.remedy].filter(Boolean).join(' ') };
}
