import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { reasonOf } from '../internal/badge-source.js';
import type { DimensionNode, ElementNode, Indicator, Measured, NodeScore, Tree } from '../internal/contract.js';
import { formatCount, formatInstantDay, formatPeriod, formatScore, formatShare } from '../internal/format.js';
import { gradeInWords } from '../internal/grade-mark.js';
import { define, HotlineElement } from '../internal/hotline-element.js';
import { readTree } from '../internal/read-tree.js';
import { treeTexts as en } from '../locale/en/tree.js';
import type { TreeTexts } from '../locale/texts.js';
import { treeTexts as zh } from '../locale/zh-CN/tree.js';
import { gradeScale } from './grade-scale.js';
import { indicatorTreeStyles } from './indicator-tree.styles.js';
import { figures, flagNotes, scoreBar, sourceList, strataTable, valueInWords } from './observation.js';
import { moveAlongRows } from './row-keys.js';

interface Row {
  /** Place in the tree, `0.2.1`: ids of the document are not used as ids of the page. */
  readonly path: string;
  readonly name: string;
  readonly aside: unknown;
  readonly score: TemplateResult;
  readonly bar: TemplateResult;
  readonly onOpen?: () => void;
  readonly content: () => unknown;
}

/**
 * @summary Every figure of an assessment, opened downwards: dimension, element, indicator, observation, days, files.
 * @tagname hotline-indicator-tree
 *
 * @fires hotline-load - a document was read; detail: { document }
 * @fires hotline-error - no newer document could be read; detail: { failure, stale }
 * @fires hotline-indicator-open - a reader opened an indicator; detail: { dimension, element, indicator }
 *
 * @csspart tree - the frame
 * @csspart scale - the grade scale
 * @csspart row - a row of any level
 * @csspart detail - what an open indicator shows
 *
 * @cssproperty --hotline-ink - text
 * @cssproperty --hotline-muted - small print
 * @cssproperty --hotline-paper - background
 * @cssproperty --hotline-wash - background of open indicators
 * @cssproperty --hotline-line - hairlines
 * @cssproperty --hotline-bar - bars
 * @cssproperty --hotline-seal - the index on the scale, the focus ring
 * @cssproperty --hotline-gold - the demo mark
 * @cssproperty --hotline-font - text face
 * @cssproperty --hotline-font-display - face of large figures
 * @cssproperty --hotline-font-size - size everything follows; default: that of the page around
 */
export class HotlineIndicatorTree extends HotlineElement<Tree> {
  static override styles = [...HotlineElement.styles, indicatorTreeStyles];
  static override properties: PropertyDeclarations = { size: {} };

  /** `small` leaves out the grade scale; `medium` is the default. */
  declare size: 'small' | 'medium' | null;

  readonly #open = new Set<string>();
  readonly #closed = new Set<string>();

  constructor() {
    super('tree', readTree);
    this.size = null;
  }

  protected override render(): TemplateResult {
    const texts = this.language === 'en' ? en : zh;
    const { shown } = this;
    switch (shown.status) {
      case 'idle':
        return this.#frame(texts, html`<p class="reason">${texts.reason.setup}</p>`);
      case 'loading':
        return this.#frame(texts, html`<p class="reason" role="status">${texts.loading}</p>`, true);
      case 'failed':
        return this.#frame(
          texts,
          html`<p class="reason" role="status">
              <strong>${texts.failed}</strong> <span>${texts.reason[reasonOf(shown.failure)]}</span>
            </p>
            <button class="plain" type="button" @click=${() => this.refresh()}>${texts.retry}</button>`,
        );
      case 'stale':
        return this.#frame(texts, this.#tree(texts, shown.document, true));
      case 'ready':
        return this.#frame(texts, this.#tree(texts, shown.document, false));
    }
  }

  #frame(texts: TreeTexts, content: TemplateResult, busy = false): TemplateResult {
    return html`<div class="root" lang=${texts.language}>
      <div class="tree" part="tree" aria-busy=${busy}>${content}</div>
    </div>`;
  }

  #tree(texts: TreeTexts, tree: Tree, stale: boolean): TemplateResult {
    const english = this.language === 'en';
    const hotline = texts.hotlineOf(english ? tree.city.en : tree.city.zh);
    const period = formatPeriod(tree.period, this.language);
    const grade = gradeInWords(tree.index, tree.badge_show_if, texts);
    const anyOpen = this.#open.size > 0;
    return html`
      ${
        stale
          ? html`<p class="stale-line" role="status">
              ${texts.stale(formatInstantDay(tree.assessed_at, this.language))}
            </p>`
          : nothing
      }
      ${this.size === 'small' ? nothing : html`<div part="scale">${gradeScale(tree, texts)}</div>`}
      <div class="bar-line">
        <p class="muted">
          ${
            grade === null
              ? html`<strong>${texts.notRated}</strong> ${texts.notRatedWhy(formatShare(tree.index.coverage))}`
              : html`${texts.grade} <strong>${grade}</strong>`
          }
          ${texts.selfAssessed}${texts.clause}${texts.method(tree.methodology.version)}${texts.clause}${period}
          ${tree.demo ? html`<span class="demo">${texts.demo}</span>` : nothing}
        </p>
        ${
          grade === null
            ? nothing
            : html`<details class="presumed">
                <summary>${texts.presumed}</summary>
                <p>${texts.presumedWhy}</p>
              </details>`
        }
        <button class="plain" type="button" @click=${() => this.#toggleAll(tree, !anyOpen)}>
          ${anyOpen ? texts.collapseAll : texts.expandAll}
        </button>
      </div>
      <p class="words" id="keys">${texts.keys}</p>
      <ul
        class="level"
        role="list"
        aria-label=${texts.tree(hotline, period)}
        aria-describedby="keys"
        @keydown=${moveAlongRows}
      >
        ${tree.dimensions.map((dimension, position) => this.#dimension(texts, tree, dimension, `${position}`))}
      </ul>
    `;
  }

  #row(row: Row): TemplateResult {
    const open = this.#isOpen(row.path);
    const id = `below-${row.path}`;
    return html`<li>
      <button
        class="row"
        part="row"
        type="button"
        data-path=${row.path}
        aria-expanded=${open}
        aria-controls=${id}
        @click=${() => this.#toggle(row)}
      >
        <span class="name">${row.name}</span>
        <span class="aside">${row.aside}</span>
        <span class="gauge-cell">${row.bar}</span>
        <span class="score">${row.score}</span>
      </button>
      <div class="below" id=${id} ?hidden=${!open}>${open ? row.content() : nothing}</div>
    </li>`;
  }

  #dimension(texts: TreeTexts, tree: Tree, dimension: DimensionNode, path: string): TemplateResult {
    return this.#row({
      path,
      name: this.#nameOf(dimension),
      aside: this.#nodeAside(texts, dimension),
      score: this.#nodeScore(texts, dimension),
      bar: scoreBar(dimension.rated ? dimension.score : null, null),
      content: () =>
        html`<ul class="level" role="list">
          ${dimension.elements.map((element, position) =>
            this.#element(texts, tree, dimension, element, `${path}.${position}`),
          )}
        </ul>`,
    });
  }

  #element(texts: TreeTexts, tree: Tree, dimension: DimensionNode, element: ElementNode, path: string): TemplateResult {
    return this.#row({
      path,
      name: this.#nameOf(element),
      aside: this.#nodeAside(texts, element),
      score: this.#nodeScore(texts, element),
      bar: scoreBar(element.rated ? element.score : null, null),
      content: () =>
        html`<ul class="level" role="list">
          ${element.indicators.map((indicator, position) =>
            this.#indicator(texts, tree, { dimension, element, indicator }, `${path}.${position}`),
          )}
        </ul>`,
    });
  }

  #indicator(
    texts: TreeTexts,
    tree: Tree,
    { dimension, element, indicator }: { dimension: DimensionNode; element: ElementNode; indicator: Indicator },
    path: string,
  ): TemplateResult {
    const components = indicator.components ?? [];
    return this.#row({
      path,
      name: this.#nameOf(indicator),
      aside: this.#measuredAside(texts, indicator),
      score: this.#measuredScore(texts, indicator),
      bar: scoreBar(indicator.score, indicator.interval ?? indicator.wilson ?? null),
      onOpen: () =>
        this.emit('hotline-indicator-open', {
          dimension: dimension.id,
          element: element.id,
          indicator: indicator.id,
        }),
      content: () =>
        html`<div class="detail" part="detail">
          ${figures(indicator, dimension.weight * element.weight * indicator.weight, texts)}
          ${flagNotes(indicator, tree, texts)} ${strataTable(indicator, texts)}
          ${
            components.length === 0
              ? nothing
              : html`<p class="title">${texts.components}</p>
                  <ul class="level" role="list" aria-label=${texts.components}>
                    ${components.map((component, position) =>
                      this.#component(texts, tree, component, `${path}.${position}`),
                    )}
                  </ul>`
          }
          ${sourceList(indicator.sources ?? [], texts)}
        </div>`,
    });
  }

  #component(texts: TreeTexts, tree: Tree, component: Measured, path: string): TemplateResult {
    return this.#row({
      path,
      name: this.#nameOf(component),
      aside: this.#measuredAside(texts, component),
      score: this.#measuredScore(texts, component),
      bar: scoreBar(component.score, component.interval ?? component.wilson ?? null),
      content: () =>
        html`<div class="detail">
          ${figures(component, null, texts)} ${flagNotes(component, tree, texts)} ${strataTable(component, texts)}
        </div>`,
    });
  }

  #nameOf(node: { readonly zh: string; readonly en: string }): string {
    return this.language === 'en' ? node.en : node.zh;
  }

  #nodeAside(texts: TreeTexts, node: NodeScore & Pick<ElementNode, 'weight' | 'weight_kind'>): TemplateResult {
    return html`<span>${texts.weightOf(formatShare(node.weight))}</span>
      <span class="tag" title=${texts.provenanceWhy[node.weight_kind] ?? ''}
        >${texts.provenance[node.weight_kind] ?? node.weight_kind}</span
      >
      ${
        node.rated
          ? node.coverage < 1
            ? html`<span>${texts.coverage} ${formatShare(node.coverage)}</span>`
            : nothing
          : html`<span>${texts.nodeNotRatedWhy(formatShare(node.coverage))}</span>`
      }`;
  }

  #nodeScore(texts: TreeTexts, node: NodeScore): TemplateResult {
    return node.rated && node.display !== null
      ? html`<span class="words">${texts.score} </span><b>${node.display}</b>`
      : html`<span class="none">${texts.nodeNotRated}</span>`;
  }

  #measuredAside(texts: TreeTexts, measured: Measured): TemplateResult {
    return html`<span>${texts.weightOf(formatShare(measured.weight))}</span> ${
        measured.value === null
          ? nothing
          : html`<span>${texts.value} ${valueInWords(measured.value, measured.value_unit, texts)}</span>`
      }`;
  }

  #measuredScore(texts: TreeTexts, measured: Measured): TemplateResult {
    if (measured.state === 'too_few') return html`<span class="none">${texts.tooFew(formatCount(measured.n))}</span>`;
    if (measured.score === null) return html`<span class="none">${texts.notObserved}</span>`;
    return html`<span class="words">${texts.score} </span><b>${formatScore(measured.score)}</b>`;
  }

  /** Dimensions start open, all else closed. */
  #isOpen(path: string): boolean {
    return path.includes('.') ? this.#open.has(path) : !this.#closed.has(path);
  }

  #toggle(row: Row): void {
    const opens = !this.#isOpen(row.path);
    const set = row.path.includes('.') ? this.#open : this.#closed;
    if (set.has(row.path)) set.delete(row.path);
    else set.add(row.path);
    this.requestUpdate();
    if (opens) row.onOpen?.();
  }

  #toggleAll(tree: Tree, open: boolean): void {
    this.#open.clear();
    this.#closed.clear();
    if (open) {
      tree.dimensions.forEach((dimension, d) =>
        dimension.elements.forEach((_, e) => {
          this.#open.add(`${d}.${e}`);
        }),
      );
    }
    this.requestUpdate();
  }
}

define('hotline-indicator-tree', HotlineIndicatorTree);

declare global {
  interface HTMLElementTagNameMap {
    'hotline-indicator-tree': HotlineIndicatorTree;
  }
}
