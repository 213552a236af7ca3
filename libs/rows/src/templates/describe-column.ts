import { timeRequired } from '../check/time-required.js';
import type { Language } from '../check/messages.js';
import { dictionary, type ColumnSpec, type DatasetSpec, type EnumSpec } from '../datasets/dictionary.js';
import { fill, guideTexts, type TypeName } from './guide-texts.js';

/** What a person has to know to fill a column. */
export interface ColumnDescription {
  readonly name: string;
  /** null: the name says it all. */
  readonly meaning: string | null;
  readonly type: string;
  readonly spellings: string;
  /** Limits, defaults and import rules, each a sentence or less. */
  readonly rules: readonly string[];
}

export function describeColumn(dataset: DatasetSpec, spec: ColumnSpec, lang: Language): ColumnDescription {
  const texts = guideTexts(lang);
  return {
    name: lang === 'zh' ? spec.zh : spec.en,
    meaning: (lang === 'zh' ? spec.meaning_zh : spec.meaning) ?? null,
    type: texts.types[typeName(spec)],
    spellings: spellingsOf(spec, lang),
    rules: [
      ...limits(spec, lang),
      ...(spec.type === 'datetime' && timeRequired.has(dataset.id) ? [texts.timeRequired] : []),
      ...(spec.default === undefined ? [] : [fill(texts.default, { value: wordOf(spec, spec.default, lang) })]),
      ...(spec.empty_means === undefined
        ? []
        : [fill(texts.emptyMeans, { value: wordOf(spec, spec.empty_means, lang) })]),
      ...(spec.personal === undefined ? [] : [texts[spec.personal]]),
      ...(spec.id.endsWith('_id') ? [texts.identifier] : []),
      ...((lang === 'zh' ? spec.import_rules_zh : spec.import_rules) ?? []),
    ],
  };
}

export function typeName(spec: ColumnSpec): TypeName {
  return spec.type === 'decimal' && spec.unit === '%' ? 'percent' : spec.type;
}

export function enumOf(spec: ColumnSpec): EnumSpec | null {
  return spec.enum === undefined ? null : (dictionary().enums[spec.enum] ?? null);
}

/** A stored value in the words in which people write it. */
export function wordOf(spec: ColumnSpec, value: string | number | boolean, lang: Language): string {
  if (typeof value === 'boolean') return guideTexts(lang)[value ? 'yes' : 'no'];
  const code = enumOf(spec)?.codes.find((each) => each.code === value);
  return code ? code[lang] : String(value);
}

/** The words to choose from; null: the column takes other values. */
export function choices(spec: ColumnSpec, lang: Language): readonly string[] | null {
  if (spec.type === 'boolean') return [true, false].map((value) => wordOf(spec, value, lang));
  return enumOf(spec)?.codes.map((code) => code[lang]) ?? null;
}

function limits(spec: ColumnSpec, lang: Language): string[] {
  const texts = guideTexts(lang);
  const unit =
    spec.unit === undefined || spec.unit === '%'
      ? []
      : [fill(texts.unit, { unit: texts.units[spec.unit] ?? spec.unit })];
  if (spec.min !== undefined && spec.max !== undefined)
    return [...unit, fill(texts.between, { min: spec.min, max: spec.max })];
  return [
    ...unit,
    ...(spec.min === undefined ? [] : [fill(texts.atLeast, { min: spec.min })]),
    ...(spec.max === undefined ? [] : [fill(texts.atMost, { max: spec.max })]),
  ];
}

function spellingsOf(spec: ColumnSpec, lang: Language): string {
  const list = enumOf(spec);
  if (list) {
    const { and, open, close } = guideTexts(lang);
    const each = list.codes.map((code) => {
      const others = [...new Set([code.code, code.zh, code.en, ...code.accepts])].filter((word) => word !== code[lang]);
      return `${code[lang]}${open}${others.join(and)}${close}`;
    });
    return each.join(lang === 'zh' ? '；' : '; ');
  }
  return describeFormat(typeName(spec), lang);
}

/** Which spellings a type of column accepts. */
export function describeFormat(type: TypeName, lang: Language): string {
  const { and, formats } = guideTexts(lang);
  const { boolean, ratingWords } = dictionary();
  return fill(formats[type], {
    true: boolean.true.join(and),
    false: boolean.false.join(and),
    words: Object.entries(ratingWords)
      .map(([word, value]) => `${word} ${value}`)
      .join(and),
  });
}
