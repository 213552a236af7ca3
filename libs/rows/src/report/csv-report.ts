import { issueMessage, type Language } from '../check/messages.js';
import { placeText } from '../row-place.js';
import type { DatasetId } from '../tasks.js';
import { byteOrderMark, csvLine } from './csv-cell.js';
import type { IssueLine, ReportColumn } from './issue-lines.js';
import { reportTexts } from './report-texts.js';

/** The text of a report: one line for each issue, then the cells of its row. A byte-order mark shows Chinese at once. */
export async function* csvReport({
  dataset,
  columns,
  sheets,
  lines,
  language,
}: {
  readonly dataset: DatasetId;
  readonly columns: readonly ReportColumn[];
  readonly sheets: readonly string[];
  readonly lines: AsyncIterable<IssueLine>;
  readonly language: Language;
}): AsyncGenerator<string> {
  const { row, column, header, value, level, rule, text, remedy } = reportTexts(language);
  const headers = columns.map((each) => each.header);
  yield `${byteOrderMark}${csvLine([row, column, header, value, level, rule, text, remedy, ...headers])}`;
  for await (const { row: number, issue, cells } of lines) {
    if (issue === null) continue;
    const said = issueMessage(dataset, issue, language);
    const told = [issue.column, issue.header, issue.value, issue.level, issue.rule, said.text, said.remedy];
    yield csvLine([placeText(number, sheets), ...told, ...cells]);
  }
}
