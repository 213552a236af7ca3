import { datasetSpec } from '../datasets/dictionary.js';
import { byteOrderMark, csvLine } from '../report/csv-cell.js';
import type { DatasetId } from '../tasks.js';
import { exampleRows, templateHeader } from './template-rows.js';

/** A file to fill in: the header row and two example rows. UTF-8 with a byte-order mark, so that spreadsheets show it. */
export function templateCsv(dataset: DatasetId, language: 'zh-CN' | 'en'): string {
  const lang = language === 'en' ? 'en' : 'zh';
  const headers = datasetSpec(dataset).columns.map((spec) => templateHeader(spec, lang));
  return `${byteOrderMark}${[headers, ...exampleRows(dataset, lang)].map(csvLine).join('')}`;
}
