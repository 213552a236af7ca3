import { readFileSync } from 'node:fs';
import { filled, issueMessage as wordIssue, message as word } from './check/messages.js';
import type { Issue, Message, MessageParams } from './check/messages.js';
import type { DatasetId, ProposalReason } from './tasks.js';

export type MessageLanguage = 'zh-CN' | 'en';

/** The wording of a refusal, a note or a rule, its parameters filled in. Throws where a code has none. */
export function message(code: string, params: MessageParams, language: MessageLanguage): Message {
  return word(code, params, language === 'en' ? 'en' : 'zh');
}

/** The wording of a row of `issues.parquet`, with the names, limits and options of its column. */
export function issueMessage(dataset: DatasetId, issue: Issue, language: MessageLanguage): Message {
  return wordIssue(dataset, issue, language === 'en' ? 'en' : 'zh');
}

let reasons: Readonly<Record<string, { readonly zh: string; readonly en: string }>> | undefined;

/** Why a column is proposed, in words. Text of record: data/proposals.json. */
export function proposalReason({ code, params }: ProposalReason, language: MessageLanguage): string {
  reasons ??= JSON.parse(readFileSync(new URL('../data/proposals.json', import.meta.url), 'utf8')) as NonNullable<
    typeof reasons
  >;
  const wording = reasons[code];
  if (!wording) throw new Error(`no wording for the reason ${code}`);
  return language === 'en' ? filled(wording.en, params, 'en') : filled(wording.zh, params, 'zh');
}
