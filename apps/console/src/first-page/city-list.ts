import { html, nothing, svg, type TemplateResult } from 'lit';
import {
  formatScore,
  gradeAxis,
  percentLength,
  place,
  type DemoCity,
  type Range,
} from '../../../../widgets/src/index.js';
import type { PageTexts } from '../locale/texts.js';
import { cityHash } from '../page/page-address.js';

function plot(city: DemoCity, axis: Range, texts: PageTexts): TemplateResult {
  const { score, display, interval } = city.index;
  const label =
    score === null || display === null
      ? texts.notRated
      : texts.plot(
          display,
          interval === null ? null : formatScore(interval.low),
          interval === null ? null : formatScore(interval.high),
        );
  return html`<svg class="plot" width="100%" height="1.5em" role="img" aria-label=${label}>
    ${ticks(axis).map(
      (tick) =>
        svg`<line class="tick" x1=${percentLength(place(tick, axis))} x2=${percentLength(place(tick, axis))} y1="0" y2="100%" />`,
    )}
    ${score === null ? svg`<line class="missing" x1="0" x2="100%" y1="50%" y2="50%" />` : ''}
    ${
      interval === null
        ? ''
        : svg`<line class="whisker" x1=${percentLength(place(interval.low, axis))}
          x2=${percentLength(place(interval.high, axis))} y1="50%" y2="50%" />`
    }
    ${score === null ? '' : svg`<circle cx=${percentLength(place(score, axis))} cy="50%" r="4.5" />`}
  </svg>`;
}

/** Whole tens of the axis. */
function ticks({ low, high }: Range): number[] {
  return Array.from({ length: Math.round((high - low) / 10) + 1 }, (_, step) => low + step * 10);
}

function axisRow(axis: Range, texts: PageTexts): TemplateResult {
  return html`<div class="axis" aria-hidden="true">
    <span>${texts.index}</span>
    <svg width="100%" height="1.2em">
      ${ticks(axis)
        .filter((tick) => tick % 20 === 0)
        .map((tick) => svg`<text x=${percentLength(place(tick, axis))} y="80%" text-anchor="middle">${tick}</text>`)}
    </svg>
    <span></span>
  </div>`;
}

/** The cities on one common scale, each a link to its detail with its badge. */
export function cityList(cities: readonly DemoCity[], chosen: DemoCity | undefined, texts: PageTexts): TemplateResult {
  const english = texts.language === 'en';
  const shown = cities
    .flatMap(({ index }) => [index.score, index.interval?.low, index.interval?.high])
    .filter((score) => typeof score === 'number');
  const axis = gradeAxis(shown);
  return html`${axisRow(axis, texts)}
    <ul class="cities" role="list">
      ${cities.map(
        (city) =>
          html`<li>
            <a href=${cityHash(city.code)} aria-current=${city === chosen ? 'true' : nothing}>
              <span class="who">
                <span class="city-name">${english ? city.en : city.zh}</span>
                <span class="place">${texts.tierName(city.tier_zh)} · ${texts.regionName(city.region_zh)}</span>
              </span>
              ${plot(city, axis, texts)}
              <hotline-grade-badge size="small" .key=${city.key} api="/" lang=${texts.language}></hotline-grade-badge>
            </a>
          </li>`,
      )}
    </ul>`;
}
