import { message, type Language } from '../check/messages.js';
import { datasetSpec, type ColumnSpec, type DatasetSpec } from '../datasets/dictionary.js';
import type { DatasetId } from '../tasks.js';
import { columnLetters } from '../workbook/column-letters.js';
import { maxSheetRows, serialOf, type Cell, type CellStyle, type Sheet, type SheetRow } from '../workbook/workbook.js';
import { workbookBytes } from '../workbook/write-workbook.js';
import { choices, describeColumn } from './describe-column.js';
import { fill, guideTexts } from './guide-texts.js';
import { dictionary } from '../datasets/dictionary.js';
import { exampleRows, templateHeader } from './template-rows.js';

/** Places in the list of styles. */
const style = { plain: 0, instant: 1, day: 2, text: 3, header: 4, wrapped: 5 } as const;
const styles: readonly CellStyle[] = [
  {},
  { format: 'instant' },
  { format: 'day' },
  { format: 'text' },
  { format: 'text', bold: true, fill: 'E7E6E6' },
  { format: 'text', wrap: true },
];

/**
 * A workbook to fill in: the header row and two example rows with lists to choose from and date formats, then a sheet
 * that explains each column and rule.
 */
export function templateXlsx(dataset: DatasetId, language: 'zh-CN' | 'en'): Promise<Buffer> {
  const lang = language === 'en' ? 'en' : 'zh';
  const spec = datasetSpec(dataset);
  return workbookBytes({ styles, sheets: [dataSheet(spec, lang), dictionarySheet(spec, lang)] });
}

function dataSheet(dataset: DatasetSpec, lang: Language): Sheet {
  const { listTitle, listHint } = guideTexts(lang);
  const headers = dataset.columns.map((spec): Cell => ({ value: templateHeader(spec, lang), style: style.header }));
  const rows = exampleRows(dataset.id, lang).map((row) =>
    row.map((value, index): Cell => {
      const spec = dataset.columns[index];
      return spec === undefined || value === null ? null : cellOf(spec, value);
    }),
  );
  return {
    name: lang === 'zh' ? dataset.zh : dataset.en,
    rows: [headers, ...rows],
    frozen: { rows: 1, columns: 0 },
    columns: dataset.columns.map((spec) => ({
      width: Math.max(12, columnStyle(spec) === style.instant ? 20 : 2 * templateHeader(spec, 'zh').length + 4),
      style: columnStyle(spec),
    })),
    lists: dataset.columns.flatMap((spec, index) => {
      const words = choices(spec, lang);
      const letters = columnLetters(index);
      const range = `${letters}2:${letters}${maxSheetRows}`;
      return words === null ? [] : [{ range, words, title: listTitle, hint: listHint }];
    }),
  };
}

function columnStyle({ type }: ColumnSpec): number {
  switch (type) {
    case 'datetime':
      return style.instant;
    case 'date':
      return style.day;
    // Long ids and phone numbers must not become numbers.
    case 'text':
    case 'phone_hash':
    case 'person_hash':
      return style.text;
    case 'integer':
    case 'decimal':
    case 'boolean':
    case 'enum':
    case 'duration_seconds':
    case 'rating_1_5':
      return style.plain;
  }
}

function cellOf(spec: ColumnSpec, value: string | number): Cell {
  const isTime = spec.type === 'datetime' || spec.type === 'date';
  return { value: isTime && typeof value === 'string' ? serialOf(value) : value, style: columnStyle(spec) };
}

function dictionarySheet(dataset: DatasetSpec, lang: Language): Sheet {
  const texts = guideTexts(lang);
  const head = (...cells: string[]): SheetRow => cells.map((value) => ({ value, style: style.header }));
  const line = (...cells: (string | null)[]): SheetRow => cells.map((value) => ({ value, style: style.wrapped }));
  const markers = dictionary().emptyMarkers.filter((marker) => marker !== '');
  const columns = dataset.columns.map((spec) => {
    const { name, meaning, type, spellings, rules } = describeColumn(dataset, spec, lang);
    const needed = [
      spec.required ? texts.required : texts.optional,
      ...(dataset.key.includes(spec.id) ? [texts.key] : []),
    ];
    return line(
      name,
      meaning,
      type,
      needed.join(texts.and),
      spellings,
      rules.join('\n'),
      spec.aliases.join(texts.and),
      spec.id,
    );
  });
  const rules = dataset.rules.map(({ id, level }) => {
    const { text, remedy } = message(id, {}, lang);
    return line(text, remedy, texts[level], null, null, null, null, id);
  });
  const { columnHead, meaningHead, typeHead, requiredHead, spellingsHead, rulesHead, aliasesHead, idHead } = texts;
  return {
    name: texts.dictionarySheet,
    columns: [32, 48, 14, 14, 60, 48, 48, 28].map((width) => ({ width })),
    rows: [
      line(`${texts.templateNote} ${fill(texts.emptyNote, { markers: markers.join(' ') })}`),
      [],
      head(columnHead, meaningHead, typeHead, requiredHead, spellingsHead, rulesHead, aliasesHead, idHead),
      ...columns,
      [],
      head(texts.ruleHead, texts.remedyHead, texts.levelHead, '', '', '', '', idHead),
      ...rules,
    ],
    merged: ['A1:H1'],
  };
}
