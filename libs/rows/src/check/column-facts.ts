import { FileRefused } from '../refused.js';
import { sqlText } from '../sql.js';
import type { ColumnPlan } from './column-plan.js';

/** What one cell cannot tell and the whole column can. */
export interface ColumnFacts {
  /** The filled cells of a yes/no column are only 有 and 无. */
  readonly noneIsFalse: boolean;
  /** Of per-cent values without the sign. */
  readonly percentFactor: 1 | 100;
  /** Some cell holds a time of day. */
  readonly otherTimes: boolean;
  /** Every plain number of a duration column of a workbook is below 1: time cells, told as fractions of a day. */
  readonly fractionOfDay: boolean;
}

export const noFacts: ColumnFacts = { noneIsFalse: false, percentFactor: 1, otherTimes: false, fractionOfDay: false };

/** Aggregates of a column: `settles` answers from some of the rows, where it is true; otherwise all rows are asked. */
interface Question {
  readonly settles: string;
  readonly answers: Readonly<Record<string, string>>;
}

type Answers = Readonly<Record<string, unknown>>;

const emptyWords = [
  '',
  '-',
  '--',
  '—',
  '——',
  '/',
  '\\',
  '无',
  '空',
  '暂无',
  '未填',
  '未知',
  'N/A',
  'NA',
  'null',
  'NULL',
];

/** @param cell SQL of the cell, NULL where it is blank */
export function columnQuestion(plan: ColumnPlan, cell: string, workbook: boolean): Question | null {
  const { spec } = plan;
  const text = `trim(${cell})`;
  const filled = `${text} NOT IN (${emptyWords.map(sqlText).join(', ')})`;
  const number = `TRY_CAST(${text} AS DOUBLE)`;
  const yesNo = spec.type === 'boolean' || spec.id === 'rehandle_count';
  if (yesNo) {
    const otherWord = `bool_or(${filled} AND ${text} <> '有')`;
    return { settles: otherWord, answers: { otherWord, have: `bool_or(${text} = '有')` } };
  }
  if (spec.enum === 'satisfaction') {
    const digits = `regexp_full_match(${text}, '[0-9０-９]{1,2}')`;
    const otherWord = `bool_or(${filled} AND NOT ${digits})`;
    return { settles: otherWord, answers: { otherWord, digits: `list(DISTINCT ${text}) FILTER (${digits})` } };
  }
  if (spec.unit === '%' && plan.factor === null) {
    const aboveOne = `bool_or(${number} > 1)`;
    const fraction = `bool_or(${number} <> 0 AND ${number} < 1)`;
    return { settles: aboveOne, answers: { aboveOne, fraction, plain: `bool_or(${number} IS NOT NULL)` } };
  }
  if (spec.type === 'datetime' || spec.type === 'date') {
    const times = `bool_or(regexp_matches(${text}, '[:时点]|^[0-9]{5}[.]0*[1-9]|^[0-9]{8} ?[0-9]{4}'))`;
    return { settles: times, answers: { times } };
  }
  if (spec.type === 'duration_seconds' && workbook && plan.factor === null) {
    const whole = `bool_or(${number} >= 1)`;
    return { settles: whole, answers: { whole, fraction: `bool_or(${number} > 0 AND ${number} < 1)` } };
  }
  if (spec.id === 'resident_population' && plan.factor === null) {
    const small = `list(DISTINCT ${text}) FILTER (TRY_CAST(replace(${text}, ',', '') AS DOUBLE) < 10000)`;
    return { settles: 'false', answers: { small } };
  }
  return null;
}

/** Throws FileRefused with a question where the column can be read in two ways. */
export function columnFacts(plan: ColumnPlan, answers: Answers): ColumnFacts {
  const { spec } = plan;
  const header = plan.source?.header ?? spec.zh;
  const ask = (code: string, values: unknown) => {
    const found = Array.isArray(values) ? values.map(String).toSorted() : [];
    return new FileRefused({ code, params: { column: spec.id, header, values: found } });
  };
  if (spec.enum === 'satisfaction' && answers['otherWord'] !== true && Array.isArray(answers['digits']))
    throw ask('ratings_need_mapping', answers['digits']);
  if (spec.id === 'resident_population' && Array.isArray(answers['small']))
    throw ask('population_needs_unit', answers['small']);
  if (spec.unit === '%' && answers['plain'] === true && answers['aboveOne'] !== true && answers['fraction'] !== true)
    throw ask('percent_needs_unit', ['0', '1']);
  return {
    noneIsFalse: answers['have'] === true && answers['otherWord'] !== true,
    percentFactor: answers['fraction'] === true && answers['aboveOne'] !== true ? 100 : 1,
    otherTimes: answers['times'] === true,
    fractionOfDay: answers['fraction'] === true && answers['whole'] !== true && spec.type === 'duration_seconds',
  };
}
