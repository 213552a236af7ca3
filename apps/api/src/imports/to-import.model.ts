import type { CommitRefusal, ImportEntity } from '@hotline/imports';
import { issueMessage, message, nearestCodes } from '@hotline/rows';
import type { CheckResult, DatasetId, IssueCount, Message, MessageLanguage, Note, Refusal } from '@hotline/rows';
import { toFollowedModels } from '../definitions/to-definition.model.js';
import { apiMessage } from '../request/api-messages.js';
import type { Failure } from '../request/failure.model.js';
import { ImportState, type ImportModel, type IssueCountModel, type UnknownValueModel } from './import.model.js';

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
    changes: entity.changes?.rows ?? null,
    definition: toFollowedModels(entity.definition),
    notCommitted: entity.commitRefusal ? apiFailure(entity.commitRefusal) : null,
    issues: result ? result.issueCounts.map((counted) => toIssueCount(result.dataset, counted)) : [],
    unknownValues: result ? result.unknownValues.map((each) => toUnknownValue(result.dataset, each)) : [],
    notes: (result?.notes ?? []).map(toFailure),
    layoutId: entity.layoutId,
    encoding: result?.encoding ?? null,
    sheet: result?.sheet ?? null,
    sheets: [...(result?.sheets ?? [])],
    headerRow: result?.headerRow ?? null,
    firstDay: result?.firstDay ?? null,
    lastDay: result?.lastDay ?? null,
    // What is wrong with a file its readers know; what went wrong here is ours to say.
    refusal: refusal ? (entity.state === 'failed' ? apiFailure(refusal) : toFailure(refusal)) : null,
    reportPath: result ? `/imports/${entity.id}/report.csv` : null,
    reportWorkbookPath: result ? `/imports/${entity.id}/report.xlsx` : null,
  };
}

export function toFailure({ code, params }: Note | Refusal): Failure {
  return { code, ...both((lang) => message(code, params, lang)) };
}

export function toUnknownValue(dataset: DatasetId, found: CheckResult['unknownValues'][number]): UnknownValueModel {
  return { ...found, nearest: [...nearestCodes(dataset, found.column, found.value)] };
}

function toIssueCount(dataset: DatasetId, counted: IssueCount): IssueCountModel {
  const issue = { ...counted, value: counted.example };
  return { ...counted, ...both((lang) => issueMessage(dataset, issue, lang)) };
}

function apiFailure({ code, params }: CommitRefusal | Refusal): Failure {
  return { code, ...apiMessage(code, params) };
}

/** What happened and what to do about it. */
function both(word: (lang: MessageLanguage) => Message): { message: string; messageEn: string } {
  const [zh, en] = [word('zh-CN'), word('en')];
  return { message: `${zh.text}${zh.remedy ?? ''}`, messageEn: [en.text, en.remedy].filter(Boolean).join(' ') };
}
