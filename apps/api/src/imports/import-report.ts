import { Readable } from 'node:stream';
import type { ImportIssue } from '@hotline/imports';
import { issueMessage, type DatasetId } from '@hotline/rows';

const headers = {
  'zh-CN': ['行号', '列', '表头', '值', '级别', '规则', '说明', '怎么办'],
  en: ['Row', 'Column', 'Header', 'Value', 'Level', 'Rule', 'What is wrong', 'What to do'],
} as const;

/** The problems of an import as CSV with a byte-order mark, so that spreadsheet programs show Chinese at once. */
export function importReport(
  dataset: DatasetId,
  issues: AsyncIterable<readonly ImportIssue[]>,
  lang: 'zh-CN' | 'en',
): Readable {
  return Readable.from(lines(dataset, issues, lang));
}

async function* lines(
  dataset: DatasetId,
  pages: AsyncIterable<readonly ImportIssue[]>,
  lang: 'zh-CN' | 'en',
): AsyncGenerator<string> {
  yield `\ufeff${headers[lang].join(',')}\r\n`;
  for await (const page of pages) {
    yield page
      .map((issue) => {
        const { text, remedy } = issueMessage(dataset, issue, lang);
        const cells = [issue.row, issue.column, issue.header, issue.value, issue.level, issue.rule, text, remedy];
        return `${cells.map(csvCell).join(',')}\r\n`;
      })
      .join('');
  }
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe in front; real numbers stay numbers. */
function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
