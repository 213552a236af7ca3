import { readFileSync } from 'node:fs';
import { message, type Language } from '../check/messages.js';
import { levelOf } from '../check/typing-statements.js';
import { dictionary, type ColumnSpec, type DatasetSpec } from '../datasets/dictionary.js';
import { describeColumn, describeFormat, enumOf } from './describe-column.js';
import { fill, guideTexts, type TypeName } from './guide-texts.js';

type Both = Readonly<Record<Language, string>>;

interface PageTexts {
  readonly title: Both;
  readonly intro: Both;
  readonly heads: Readonly<Record<Head, Both>>;
  readonly notes: Readonly<Record<'required' | 'error' | 'warning' | 'english', Both>>;
  readonly files: readonly Both[];
  readonly cellRules: readonly string[];
}

type Head =
  | 'datasets'
  | 'files'
  | 'values'
  | 'cellRules'
  | 'columns'
  | 'aliases'
  | 'codes'
  | 'spellings'
  | 'rules'
  | 'purpose'
  | 'key'
  | 'template'
  | 'column'
  | 'type'
  | 'meaning'
  | 'requirements'
  | 'code'
  | 'accepted'
  | 'level'
  | 'when'
  | 'message'
  | 'remedy'
  | 'rule'
  | 'any'
  | 'empty';

const languages: readonly Language[] = ['zh', 'en'];
/** What differs from cell to cell stays open. */
const anyCell = Object.fromEntries(
  ['name_zh', 'name_en', 'header', 'value', 'min', 'max', 'options_zh', 'options_en'].map((name) => [name, '…']),
);

/** The pages of the guide to the datasets by file name, in Chinese and English, as Markdown. */
export function datasetPages(): Readonly<Record<string, string>> {
  const texts = JSON.parse(readFileSync(new URL('../../data/guide-pages.json', import.meta.url), 'utf8')) as PageTexts;
  const page = new Page(texts);
  return {
    'README.md': page.overview(),
    ...Object.fromEntries(dictionary().datasets.map((dataset) => [`${dataset.id}.md`, page.dataset(dataset)])),
  };
}

class Page {
  constructor(private readonly texts: PageTexts) {}

  overview(): string {
    const { title, intro, files, cellRules } = this.texts;
    const { datasets } = dictionary();
    const markers = dictionary().emptyMarkers.filter((marker) => marker !== '');
    const types = Object.keys(guideTexts('zh').types) as TypeName[];
    return document([
      `# ${title.zh} ${title.en}`,
      both(intro),
      this.heading('datasets'),
      table(
        [this.head('datasets'), this.head('purpose'), this.head('key')],
        datasets.map(({ id, zh, en, purpose_zh, purpose, key }) => [
          `[${zh} ${en}](${id}.md)`,
          `${purpose_zh}<br>${purpose}`,
          key.map(code).join(' + '),
        ]),
      ),
      this.heading('files'),
      files.map((note) => `- ${both(note)}`).join('\n'),
      this.heading('values'),
      table(
        [this.head('type'), this.head('accepted')],
        types.map((type) => [
          languages.map((lang) => guideTexts(lang).types[type]).join('<br>'),
          languages.map((lang) => describeFormat(type, lang)).join('<br>'),
        ]),
      ),
      languages
        .map((lang) =>
          fill(guideTexts(lang).emptyNote, { markers: markers.map((marker) => `\`${marker}\``).join(' ') }),
        )
        .join(' '),
      this.heading('cellRules'),
      this.rules(cellRules.map((id) => ({ id, level: levelOf(id) }))),
    ]);
  }

  dataset(dataset: DatasetSpec): string {
    const { notes } = this.texts;
    const lists = [...new Set(dataset.columns.flatMap((spec) => spec.enum ?? []))];
    const spelled = dataset.columns.filter((spec) => spec.spellings !== undefined);
    const address = `/datasets/${dataset.id}/`;
    const files = ['template.xlsx', 'template.csv', 'schema.json'].map((name) => code(address + name));
    return document([
      `# ${dataset.zh} ${dataset.en}`,
      `${code(dataset.id)}${'　'}${this.head('key')}: ${dataset.key.map(code).join(' + ')}`,
      `${dataset.purpose_zh} ${dataset.purpose}`,
      `${code(dataset.period.column)}: ${dataset.period.rule_zh} ${dataset.period.rule}`,
      ...(dataset.note === undefined ? [] : [`${dataset.note_zh ?? ''} ${dataset.note}`]),
      `${this.head('template')}: ${files.join(' · ')}. ${both(notes.english)}`,
      this.heading('columns'),
      both(notes.required),
      table(
        [this.head('column'), this.head('type'), this.head('meaning'), this.head('requirements')],
        dataset.columns.map((spec) => this.column(dataset, spec)),
      ),
      this.heading('aliases'),
      table(
        [this.head('column'), this.head('accepted')],
        dataset.columns.map((spec) => [code(spec.id), spec.aliases.join('、')]),
      ),
      ...(lists.length > 0 ? [this.heading('codes'), ...lists.map((list) => this.codes(dataset, list))] : []),
      ...(spelled.length > 0 ? [this.heading('spellings'), ...spelled.map((spec) => this.spellings(spec))] : []),
      this.heading('rules'),
      `${both(notes.error)} ${both(notes.warning)}`,
      this.rules(dataset.rules),
    ]);
  }

  private head(name: Head): string {
    return both(this.texts.heads[name]);
  }

  private heading(name: Head): string {
    return `## ${this.head(name)}`;
  }

  private column(dataset: DatasetSpec, spec: ColumnSpec): string[] {
    const described = languages.map((lang) => describeColumn(dataset, spec, lang));
    return [
      `${code(spec.id)}${spec.required ? ' \\*' : ''}<br>${spec.zh}<br>${spec.en}`,
      described.map(({ type }) => type).join('<br>'),
      described.map(({ meaning }) => meaning ?? '').join('<br>'),
      described
        .map(({ rules }, index) => rules.map((rule) => rule.replace(/[。.]$/, '')).join(index === 0 ? '；' : '; '))
        .join('<br>'),
    ].map((cell) => (cell === '<br>' ? '' : cell));
  }

  private codes(dataset: DatasetSpec, list: string): string {
    const columns = dataset.columns.filter((spec) => spec.enum === list);
    const [first] = columns;
    const found = first === undefined ? null : enumOf(first);
    if (!found) throw new Error(`no list ${list} in the dictionary`);
    const rows = found.codes.map((each) => [code(each.code), each.zh, each.en, each.accepts.join('、')]);
    return [
      `**${found.zh} ${found.en}**: ${columns.map((spec) => code(spec.id)).join(', ')}`,
      table([this.head('code'), '中文', 'English', this.head('accepted')], rows),
    ].join('\n\n');
  }

  private spellings(spec: ColumnSpec): string {
    const empty = this.head('empty');
    const rows = (spec.spellings ?? []).flatMap(({ headers, values }) =>
      Object.entries(values).map(([word, value]) => [
        headers?.join('、') ?? this.head('any'),
        word,
        value === null ? empty : code(value),
      ]),
    );
    return [
      `**${spec.zh} ${spec.en}**: ${code(spec.id)}`,
      table([this.head('column'), this.head('accepted'), this.head('code')], rows),
    ].join('\n\n');
  }

  private rules(
    rules: readonly { readonly id: string; readonly level: 'error' | 'warning'; readonly when?: string }[],
  ): string {
    const conditions = rules.some(({ when }) => when !== undefined);
    const when = conditions ? [this.head('when')] : [];
    return table(
      [this.head('rule'), this.head('level'), ...when, this.head('message'), this.head('remedy')],
      rules.map((rule) => {
        const said = languages.map((lang) => message(rule.id, anyCell, lang));
        return [
          code(rule.id),
          languages.map((lang) => guideTexts(lang)[rule.level]).join('<br>'),
          ...(conditions ? [code(rule.when ?? '')] : []),
          said.map(({ text }) => text).join('<br>'),
          said.map(({ remedy }) => remedy).join('<br>'),
        ];
      }),
    );
  }
}

const both = ({ zh, en }: Both): string => `${zh} ${en}`;
const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => escaped(cell)).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** A bar would end its cell, and < would begin a tag, except inside code. */
function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll(/`[^`]*`|<(?!br>)/g, (found) => (found === '<' ? '&lt;' : found));
}

function document(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`;
}
