import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Indicator, Measured, Source, Tree, ValueInterval } from '../internal/contract.js';
import {
  formatCount,
  formatDay,
  formatInstantDay,
  formatNumber,
  formatScore,
  formatShare,
} from '../internal/format.js';
import { percentLength, place } from '../internal/geometry.js';
import type { TreeTexts } from '../locale/texts.js';

/** A score on 0–100 as a bar, its interval as a line over it; what has no score is a dotted line, never an empty bar. */
export function scoreBar(score: number | null, interval: ValueInterval | null): TemplateResult {
  return html`<svg class="gauge" width="100%" height="0.5em" aria-hidden="true">
    ${
      score === null
        ? svg`<line class="missing" x1="0" x2="100%" y1="50%" y2="50%" />`
        : svg`<rect class="track" width="100%" height="100%" />
          <rect class="bar" width=${percentLength(place(score))} height="100%" />
          <rect class="foot" width="2" height="100%" />`
    }
    ${
      score === null || interval === null
        ? ''
        : svg`<line class="whisker" x1=${percentLength(place(interval.score_low))}
          x2=${percentLength(place(interval.score_high))} y1="50%" y2="50%" />`
    }
  </svg>`;
}

/** A value with its unit; figures of a rating scale and of time to two decimals, counts whole. */
export function valueInWords(value: number, unit: string, texts: TreeTexts): string {
  return texts.unit(unit === 'count' ? formatCount(value) : formatNumber(value, 2), unit);
}

function figure(term: string, content: unknown): TemplateResult {
  return html`<div>
    <dt>${term}</dt>
    <dd>${content}</dd>
  </div>`;
}

function intervalInWords(interval: ValueInterval, unit: string, texts: TreeTexts): TemplateResult {
  const low = formatNumber(interval.low, 2);
  const range = texts.unit(`${low}–${formatNumber(interval.high, 2)}`, unit);
  const scores = texts.scoreRange(formatScore(interval.score_low), formatScore(interval.score_high));
  return html`${range} <small>${scores}</small>`;
}

function methodInWords(method: string, texts: TreeTexts): TemplateResult {
  const source = texts.methodSource[method.slice(method.lastIndexOf('.') + 1)];
  return html`${source ?? ''} <code>${method}</code>`;
}

/** Everything known of one measured figure, without what is below it. */
export function figures(measured: Measured, shareOfIndex: number | null, texts: TreeTexts): TemplateResult {
  const { state, value, score, n, numerator, denominator, method, value_unit: unit } = measured;
  const interval = measured.interval ?? null;
  const wilson = measured.wilson ?? null;
  const kind = measured.weight_kind;
  // Points are scores already; which way the seconds behind them count would only mislead.
  const direction = 'direction' in measured && unit !== 'points' ? (measured as Indicator).direction : null;
  return html`
    ${state === 'not_observed' ? html`<p class="reason">${texts.notObservedWhy}</p>` : nothing}
    ${state === 'too_few' ? html`<p class="reason">${texts.tooFewWhy}</p>` : nothing}
    <dl>
      ${value === null ? nothing : figure(texts.value, html`<b>${valueInWords(value, unit, texts)}</b>`)}
      ${score === null ? nothing : figure(texts.score, html`<b>${formatScore(score)}</b> / 100`)}
      ${
        numerator === null || denominator === null
          ? nothing
          : figure(texts.fraction, `${formatCount(numerator)} ÷ ${formatCount(denominator)}`)
      }
      ${state === 'not_observed' ? nothing : figure(texts.sample, formatCount(n))}
      ${interval === null ? nothing : figure(texts.interval, intervalInWords(interval, unit, texts))}
      ${wilson === null ? nothing : figure(texts.wilson, intervalInWords(wilson, unit, texts))}
      ${
        interval === null && wilson === null && state === 'observed'
          ? figure(texts.interval, texts.intervalNone)
          : nothing
      }
      ${figure(
        texts.weight,
        html`${formatShare(measured.weight)}
        ${kind === undefined ? nothing : html`<small>${texts.provenance[kind]}${texts.clause}${texts.provenanceWhy[kind]}</small>`}`,
      )}
      ${shareOfIndex === null ? nothing : figure(texts.shareOfIndex, formatShare(shareOfIndex))}
      ${direction === null ? nothing : figure(texts.direction, texts.better[direction])}
      ${method === null ? nothing : figure(texts.howMeasured, methodInWords(method, texts))}
    </dl>
  `;
}

/** What the flags of a figure mean, in the words of the method. */
export function flagNotes(measured: Measured, tree: Tree, texts: TreeTexts): TemplateResult | typeof nothing {
  if (measured.flags.length === 0) return nothing;
  const words = (flag: string): string => {
    const text = tree.flags_text[flag];
    return text === undefined ? flag : texts.language === 'en' ? text.en : text.zh;
  };
  return html`<p class="title">${texts.flags}</p>
    <ul class="notes" role="list" aria-label=${texts.flags}>
      ${measured.flags.map((flag) => html`<li>${words(flag)}</li>`)}
    </ul>`;
}

/** The parts of the day a mean of day periods is made of. */
export function strataTable(measured: Measured, texts: TreeTexts): TemplateResult | typeof nothing {
  const strata = Object.entries(measured.strata ?? {});
  if (strata.length === 0) return nothing;
  return html`<p class="title">${texts.strata}</p>
    <table aria-label=${texts.strata}>
      <thead>
        <tr>
          <th scope="col">${texts.stratumName}</th>
          <th scope="col" class="number">${texts.sample}</th>
          <th scope="col" class="number">${texts.stratumMean}</th>
        </tr>
      </thead>
      <tbody>
        ${strata.map(
          ([id, { n, mean }]) =>
            html`<tr>
              <th scope="row">${texts.stratum[id] ?? id}</th>
              <td class="number">${formatCount(n)}</td>
              <td class="number">
                ${mean === null ? html`<small>${texts.stratumLeftOut}</small>` : formatScore(mean)}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function sourceBlock(source: Source, texts: TreeTexts): TemplateResult {
  const { days, first_day: first, last_day: last } = source;
  return html`<li>
    <strong>${texts.language === 'en' ? source.dataset_en : source.dataset_zh}</strong>
    ${
      days === null || first === null || last === null
        ? nothing
        : html`<span class="muted"
            >${texts.days(formatCount(days), formatDay(first, texts.language), formatDay(last, texts.language))}</span
          >`
    }
    <ul class="files" role="list">
      ${source.files.map(
        (file) =>
          html`<li>
            <span class="file">${file.file}</span>
            <span class="muted"
              >${texts.rows(formatCount(file.rows))}${texts.clause}${texts.uploaded(
                formatInstantDay(file.uploaded_at, texts.language),
                file.by,
              )}</span
            >
            <code class="hash"><abbr>${texts.hash}</abbr> ${file.sha256}</code>
          </li>`,
      )}
    </ul>
  </li>`;
}

/** Days and files behind an indicator. */
export function sourceList(sources: readonly Source[], texts: TreeTexts): TemplateResult {
  return html`<p class="title">${texts.sources}</p>
    ${
      sources.length === 0
        ? html`<p class="muted">${texts.noSources}</p>`
        : html`<ul class="sources" role="list" aria-label=${texts.sources}>
            ${sources.map((source) => sourceBlock(source, texts))}
          </ul>`
    }`;
}
