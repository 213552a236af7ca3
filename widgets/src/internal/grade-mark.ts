import { html, nothing, type TemplateResult } from 'lit';
import type { SharedTexts } from '../locale/texts.js';
import type { IndexScore } from './contract.js';
import { gradeCertainty } from './geometry.js';

/** What stands beside the letter: nothing when the grade is sure enough, else its range in brackets. */
function besideLetter(index: IndexScore, showIf: number, texts: SharedTexts): string {
  const certainty = gradeCertainty(index, showIf);
  if (certainty === 'sure') return '';
  if (certainty === 'unknown') return texts.bracketed(texts.rangeUnknown);
  const { worst, best } = certainty;
  return texts.bracketed(worst === best ? worst : `${worst}–${best}`);
}

/** The grade in words: the letter alone when it is sure enough, else with its range. null when not rated. */
export function gradeInWords(index: IndexScore, showIf: number, texts: SharedTexts): string | null {
  return index.rated && index.grade !== null ? index.grade + besideLetter(index, showIf, texts) : null;
}

/** The grade as it is set: a large letter, beside it its range, when the letter may not stand alone, and a label. */
export function gradeMark(
  index: IndexScore,
  showIf: number,
  texts: SharedTexts,
  label: TemplateResult,
): TemplateResult {
  if (!index.rated || index.grade === null) return html`<span class="none" part="grade">${texts.notRated}</span>`;
  const range = besideLetter(index, showIf, texts);
  return html`<div class="mark">
    <span class="letter" part="grade">${index.grade}</span>
    <div class="beside">
      ${range === '' ? nothing : html`<span class="range" part="range">${range.trim()}</span>`}${label}
    </div>
  </div>`;
}
