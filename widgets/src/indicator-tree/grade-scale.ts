import { html, svg, type TemplateResult } from 'lit';
import type { Tree } from '../internal/contract.js';
import { gradeAxis, gradeBands, percentLength, place } from '../internal/geometry.js';
import { gradeInWords } from '../internal/grade-mark.js';
import type { TreeTexts } from '../locale/texts.js';

/** The index and its interval on the scale of the grades' cut-offs. */
export function gradeScale(tree: Tree, texts: TreeTexts): TemplateResult {
  const { index } = tree;
  const shown = [index.score, index.interval?.low, index.interval?.high].filter((score) => typeof score === 'number');
  const axis = gradeAxis(shown);
  const grade = gradeInWords(index, tree.badge_show_if, texts);
  const label =
    grade === null || index.display === null ? texts.gradeScaleNotRated : texts.gradeScale(grade, index.display);
  return html`<div class="scale">
    <svg width="100%" height="100%" role="img" aria-label=${label}>
      <line class="axis" x1="0" x2="100%" y1="50%" y2="50%" />
      ${gradeBands(tree.grades, axis).map(
        ({ grade: letter, from, to }) => svg`
          <line class="axis" x1=${percentLength(from)} x2=${percentLength(from)} y1="42%" y2="58%" />
          <text class=${letter === index.grade ? 'here' : ''} x=${percentLength((from + to) / 2)} y="88%"
            text-anchor="middle">${letter}</text>`,
      )}
      ${
        index.interval === null
          ? ''
          : svg`<line class="whisker" x1=${percentLength(place(index.interval.low, axis))}
            x2=${percentLength(place(index.interval.high, axis))} y1="50%" y2="50%" />`
      }
      ${
        index.score === null
          ? ''
          : svg`<circle class="here" cx=${percentLength(place(index.score, axis))} cy="50%" r="5" />
          <text class="here figure" x=${percentLength(place(index.score, axis))} y="28%"
            text-anchor="middle">${index.display}</text>`
      }
    </svg>
  </div>`;
}
