import { html, nothing, svg, type PropertyDeclarations, type TemplateResult } from 'lit';
import { safeAddress } from '../internal/addresses.js';
import { reasonOf } from '../internal/badge-source.js';
import type { Summary } from '../internal/contract.js';
import { formatInstantDay, formatPeriod, formatProbability, formatScore, formatShare } from '../internal/format.js';
import { gradeShares, percentLength } from '../internal/geometry.js';
import { gradeInWords, gradeMark } from '../internal/grade-mark.js';
import { define, HotlineElement } from '../internal/hotline-element.js';
import { readSummary } from '../internal/read-summary.js';
import { badgeTexts as en } from '../locale/en/badge.js';
import type { BadgeTexts } from '../locale/texts.js';
import { badgeTexts as zh } from '../locale/zh-CN/badge.js';
import { gradeBadgeStyles } from './grade-badge.styles.js';

/**
 * @summary The grade of a 12345 hotline with what belongs to it: range, index, period, method version, coverage.
 * @tagname hotline-grade-badge
 *
 * @fires hotline-load - a document was read; detail: { document }
 * @fires hotline-error - no newer document could be read; detail: { failure, stale }
 *
 * @csspart badge - the frame
 * @csspart city - name of the hotline
 * @csspart grade - the letter
 * @csspart range - the range beside the letter
 * @csspart index - the index figure
 * @csspart demo - the mark of demo data
 * @csspart meta - the lines of small print
 *
 * @cssproperty --hotline-ink - text
 * @cssproperty --hotline-muted - small print
 * @cssproperty --hotline-paper - background
 * @cssproperty --hotline-line - hairlines
 * @cssproperty --hotline-bar - bars
 * @cssproperty --hotline-seal - the grade letter and the focus ring
 * @cssproperty --hotline-gold - the demo mark
 * @cssproperty --hotline-font - text face
 * @cssproperty --hotline-font-display - face of the grade letter
 * @cssproperty --hotline-font-size - size everything follows; default: that of the page around
 */
export class HotlineGradeBadge extends HotlineElement<Summary> {
  static override styles = [...HotlineElement.styles, gradeBadgeStyles];
  static override properties: PropertyDeclarations = { size: { reflect: true }, href: {} };

  /** `small`: one line, for lists and narrow places; `medium` (default): a card. */
  declare size: 'small' | 'medium' | null;
  /** Where the evidence is; shown as a link when it is https or on the page's own origin. */
  declare href: string | null;

  constructor() {
    super('summary', readSummary);
    this.size = null;
    this.href = null;
  }

  protected override render(): TemplateResult {
    const texts = this.language === 'en' ? en : zh;
    const { shown } = this;
    switch (shown.status) {
      case 'idle':
        return this.#notice(texts, 'failed', texts.failed, texts.reason.setup);
      case 'loading':
        return this.#notice(texts, 'loading', texts.loading);
      case 'failed':
        return this.#notice(texts, 'failed', texts.failed, texts.reason[reasonOf(shown.failure)]);
      case 'stale':
      case 'ready':
        return this.#badge(texts, shown.document, shown.status);
    }
  }

  #frame(texts: BadgeTexts, state: string, content: TemplateResult, name?: string): TemplateResult {
    return html`<div class="root" lang=${texts.language}>
      <div
        class="badge ${state} ${this.size === 'small' ? 'small' : ''}"
        part="badge"
        role="group"
        aria-label=${name ?? nothing}
      >
        ${content}
      </div>
    </div>`;
  }

  #notice(texts: BadgeTexts, state: string, title: string, why = ''): TemplateResult {
    return this.#frame(texts, state, html`<p class="reason" role="status"><b>${title}</b> ${why}</p>`);
  }

  #badge(texts: BadgeTexts, summary: Summary, state: 'ready' | 'stale'): TemplateResult {
    const { city, demo, index, methodology } = summary;
    const nameOf = (named: { zh: string; en: string }): string => (this.language === 'en' ? named.en : named.zh);
    const grade = gradeInWords(index, summary.badge_show_if, texts);
    const hotline = texts.hotlineOf(nameOf(city));
    const period = formatPeriod(summary.period, this.language);
    const method = texts.method(methodology.version);
    const stale = state === 'stale' ? texts.stale(formatInstantDay(summary.assessed_at, this.language)) : '';
    const rating =
      grade === null ? [texts.notRated] : [`${texts.presumedGrade} ${grade}`, `${texts.index} ${index.display}`];
    const spoken = [...rating, period, texts.selfAssessed, method, demo ? texts.demo : '', stale].filter(Boolean);
    const small = this.size === 'small';
    const rated = grade !== null;
    const mark = gradeMark(
      index,
      summary.badge_show_if,
      texts,
      small
        ? html`<span class="label">${texts.presumed}</span>`
        : html`<details>
            <summary>${texts.presumed}</summary>
            <p>${texts.presumedWhy} ${nameOf(methodology)}</p>
          </details>`,
    );
    const header = html`<header>
      <span class="city" part="city">${hotline}</span>
      ${demo ? html`<span class="demo" part="demo">${texts.demo}</span>` : ''}
    </header>`;
    const meta = html`<p class="meta" part="meta">
      ${small && rated ? html`<b part="index">${index.display}</b>` : ''}
      <span>${texts.selfAssessed}${texts.clause}${method}</span> <span>${period}</span>
      ${small ? '' : this.#details(texts, summary)} ${stale ? html`<b role="status">${stale}</b>` : ''}
    </p>`;
    return this.#frame(
      texts,
      rated ? state : `${state} unrated`,
      small
        ? html`${mark}
            <div class="lines">${header} ${meta}</div>`
        : html`${header}
            <div class="figures">${mark} ${rated ? this.#index(texts, summary) : ''}</div>
            ${
              rated
                ? this.#chances(texts, summary)
                : html`<p class="reason">${texts.notRatedWhy(formatShare(index.coverage))}</p>`
            }
            ${meta}`,
      `${hotline}${texts.colon}${spoken.join(texts.clause)}`,
    );
  }

  #details(texts: BadgeTexts, { data_kinds: kinds, index }: Summary): TemplateResult {
    const link = this.href === null ? null : safeAddress(this.href, location.href);
    const data = kinds.map((kind) => texts.dataKind[kind] ?? kind).join(texts.clause);
    return html`<span>${texts.coverage} ${formatShare(index.coverage)}</span>
      ${data === '' ? '' : html`<span>${texts.dataKinds}${texts.colon}${data}</span>`}
      ${link === null ? '' : html`<a href=${link}>${texts.details}</a>`}`;
  }

  #index(texts: BadgeTexts, { index }: Summary): TemplateResult {
    return html`<div class="index">
      <span class="label">${texts.index}</span>
      <span class="figure" part="index">${index.display}</span>
      <span class="label"
        >${
          index.interval === null
            ? texts.outOf
            : `${texts.interval} ${formatScore(index.interval.low)}–${formatScore(index.interval.high)}`
        }</span
      >
    </div>`;
  }

  /** One cell for each grade; the height of its bar is the chance of that grade. */
  #chances(texts: BadgeTexts, { index }: Summary): TemplateResult | typeof nothing {
    if (index.grade_or_better === null) return nothing;
    const worstFirst = gradeShares(index.grade_or_better).reverse();
    const spoken = worstFirst
      .filter(({ share }) => share >= 0.005)
      .map(({ grade, share }) => `${grade} ${formatProbability(share)}`);
    const width = 100 / worstFirst.length;
    return html`<div class="chances">
      <svg
        width="100%"
        height="100%"
        role="img"
        aria-label="${texts.chances}${texts.colon}${spoken.join(texts.clause)}"
      >
        ${worstFirst.map(({ grade, share }, position) => {
          const at = percentLength(position * width);
          return svg`<svg x=${at} width=${percentLength(width)} class=${grade === index.grade ? 'here' : ''}>
            <rect class="track" x="4%" width="92%" y="58%" height="1.5" />
            <rect class="bar" x="4%" width="92%" y=${percentLength(58 - 58 * share)} height=${percentLength(58 * share)} />
            <text x="50%" y="94%" text-anchor="middle">${grade}</text>
          </svg>`;
        })}
      </svg>
    </div>`;
  }
}

define('hotline-grade-badge', HotlineGradeBadge);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-grade-badge': HotlineGradeBadge;
  }
}
