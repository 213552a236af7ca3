import { readFileSync } from 'node:fs';
import type { Language } from '../check/messages.js';

/** Headings and notes of reports. */
export interface ReportTexts {
  readonly sheet: string;
  readonly row: string;
  readonly problem: string;
  readonly column: string;
  readonly header: string;
  readonly value: string;
  readonly level: string;
  readonly rule: string;
  readonly text: string;
  readonly remedy: string;
  readonly error: string;
  readonly warning: string;
  readonly notesSheet: string;
  readonly notes: readonly string[];
}

let loaded: Readonly<Record<Language, ReportTexts>> | undefined;

export function reportTexts(lang: Language): ReportTexts {
  return allTexts()[lang];
}

/** Headers of the columns that a report puts before those of the file, in every language. */
export function reportHeaders(): ReadonlySet<string> {
  return new Set(Object.values(allTexts()).flatMap(({ row, problem }) => [row, problem]));
}

function allTexts(): Readonly<Record<Language, ReportTexts>> {
  loaded ??= JSON.parse(readFileSync(new URL('../../data/report.json', import.meta.url), 'utf8')) as Readonly<
    Record<Language, ReportTexts>
  >;
  return loaded;
}
