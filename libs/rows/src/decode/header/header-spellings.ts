import { maskTypedText } from '../../check/mask-personal.js';
import { datasetSpec } from '../../datasets/dictionary.js';
import type { DatasetId } from '../../tasks.js';

export interface HeaderSpelling {
  readonly column: string;
  readonly by: 'id' | 'zh' | 'en' | 'alias';
  /** Place in the order id, zh, en, aliases: the lower one wins where two headers match one column. */
  readonly rank: number;
}

/**
 * Headers that the dictionary names only in a column's import rule, because the values under them need that rule:
 * a mean to be multiplied by the number of answered calls, or a yes that means no. The check reads the header text.
 */
export const ruledSpellings: Readonly<Partial<Record<DatasetId, Readonly<Record<string, readonly string[]>>>>> = {
  call_metrics_daily: {
    wait_seconds_sum: ['平均等待时长', '平均等待', '平均排队时长', 'ASA', 'average speed of answer'],
    talk_seconds_sum: ['平均通话时长', 'AHT', 'average talk time'],
  },
  callbacks: { connected: ['visitIsFailContact', '是否联系失败'] },
};

/** Longer cells are prose, not headers. */
const longestHeader = 200;
const unitAtEnd = /[([【〔][^()[\]【】〔〕]*[)\]】〕]$/u;

/** The form under which headers are compared, numbers of persons masked; '' for a cell that cannot be a header. */
export function normaliseHeader(text: string): string {
  if (text.length > longestHeader) return '';
  let name = maskTypedText(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}_-]+/gu, '')
    .replace(/^\*+/, '');
  for (;;) {
    const bare = name.replace(unitAtEnd, '');
    if (bare === name || bare === '') return name;
    name = bare;
  }
}

const known = new Map<DatasetId, ReadonlyMap<string, HeaderSpelling>>();

/** Normalised header to the column it stands for. */
export function headerSpellings(dataset: DatasetId): ReadonlyMap<string, HeaderSpelling> {
  let spellings = known.get(dataset);
  if (!spellings) {
    spellings = collectSpellings(dataset);
    known.set(dataset, spellings);
  }
  return spellings;
}

function collectSpellings(dataset: DatasetId): ReadonlyMap<string, HeaderSpelling> {
  const spellings = new Map<string, HeaderSpelling>();
  for (const column of datasetSpec(dataset).columns) {
    const ruled = ruledSpellings[dataset]?.[column.id] ?? [];
    const inOrder = [column.id, column.zh, column.en, ...column.aliases, ...ruled];
    inOrder.forEach((text, rank) => {
      const name = normaliseHeader(text);
      const by = rank === 0 ? 'id' : rank === 1 ? 'zh' : rank === 2 ? 'en' : 'alias';
      if (!spellings.has(name)) spellings.set(name, { column: column.id, by, rank });
    });
  }
  return spellings;
}
