import type { ImportLook } from '@hotline/imports';
import { datasetSpec, proposalReason, type ColumnProposal, type DatasetId } from '@hotline/rows';
import { toColumnMappingModel } from './to-file-layout.model.js';
import type { ColumnProposalModel, ImportFileModel, MissingColumnModel } from './import-file.model.js';
import { toFailure, toImportModel, toUnknownValue } from './to-import.model.js';

export function toImportFileModel({ entity, look }: ImportLook): ImportFileModel {
  const { type, encoding, delimiter, sheet, headerRow, dataset, refusal } = look;
  return {
    import: toImportModel(entity),
    ...{ type, encoding, delimiter, sheet, headerRow, dataset },
    sheets: [...look.sheets],
    headers: [...look.headers],
    columns: [...look.columns],
    missing: dataset === null ? [] : look.missing.map((column) => toMissing(dataset, column)),
    rows: look.rows.map(({ row, cells }) => ({ row, cells: [...cells] })),
    proposals: look.proposals.map(toProposal),
    unknownValues: dataset === null ? [] : look.unknownValues.map((each) => toUnknownValue(dataset, each)),
    refusal: refusal && toFailure(refusal),
  };
}

function toMissing(dataset: DatasetId, column: string): MissingColumnModel {
  const spec = datasetSpec(dataset).columns.find(({ id }) => id === column);
  return { column, name: spec?.zh ?? column, nameEn: spec?.en ?? column };
}

function toProposal({ column, mapping, confidence, reasons, alternatives }: ColumnProposal): ColumnProposalModel {
  return {
    mapping: toColumnMappingModel(column, mapping),
    confidence,
    reasons: reasons.map((reason) => ({
      code: reason.code,
      message: proposalReason(reason, 'zh-CN'),
      messageEn: proposalReason(reason, 'en'),
    })),
    alternatives: [...alternatives],
  };
}
