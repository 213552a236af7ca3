import type { DatasetId } from '@hotline/rows';
import type { Row } from './city-plan.js';
import { chineseWords, columnIds, columnsOf } from './dictionary-columns.js';

/** `id`: canonical headers, codes and true/false; `zh`: Chinese headers and words, as centres export them. */
export type Wording = 'id' | 'zh';

export interface TextColumn {
  readonly id: string;
  readonly type: string;
  readonly header: string;
  readonly textOf: (value: Row[string] | undefined) => string;
}

/** How the columns of a file are headed and spelt. Values that are no code of the column stay as they are. */
export function textColumns(
  dataset: DatasetId,
  wording: Wording,
  ids: readonly string[] = columnIds(dataset),
): readonly TextColumn[] {
  return columnsOf(dataset, ids).map((column) => {
    const words = wording === 'zh' && column.enum !== undefined ? chineseWords(column.enum) : null;
    const [yes, no] = wording === 'zh' ? ['是', '否'] : ['true', 'false'];
    const textOf = (value: Row[string] | undefined): string => {
      if (value === null || value === undefined) return '';
      if (typeof value === 'string') return words?.get(value) ?? value;
      if (typeof value === 'boolean') return value ? yes : no;
      return String(value);
    };
    return { id: column.id, type: column.type, header: wording === 'zh' ? column.zh : column.id, textOf };
  });
}
