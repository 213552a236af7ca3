import { issueMessage as wordIssue, message as word } from './check/messages.js';
import type { Issue, Message, MessageParams } from './check/messages.js';
import type { DatasetId } from './tasks.js';

export type MessageLanguage = 'zh-CN' | 'en';

/** The wording of a refusal, a note or a rule, its parameters filled in. Throws where a code has none. */
export function message(code: string, params: MessageParams, language: MessageLanguage): Message {
  return word(code, params, language === 'en' ? 'en' : 'zh');
}

/** The wording of a row of `issues.parquet`, with the names, limits and options of its column. */
export function issueMessage(dataset: DatasetId, issue: Issue, language: MessageLanguage): Message {
  return wordIssue(dataset, issue, language === 'en' ? 'en' : 'zh');
}
