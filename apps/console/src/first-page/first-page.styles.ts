import { css } from 'lit';
import { pageStyles } from '../page/page.styles.js';

export const firstPageStyles = [
  pageStyles,
  css`
    .lead {
      max-width: 60em;
      color: var(--page-muted);
    }
    .demo-notice {
      margin-top: 0.9em;
      padding: 0.5em 0.9em;
      border-inline-start: 3px solid var(--page-gold);
      background: var(--page-paper);
      font-size: 0.875em;
    }
    .demo-mark {
      margin-inline-start: 0.4em;
      border: 1px solid var(--page-gold);
      border-radius: 0.2em;
      padding: 0 0.45em;
      color: var(--page-gold);
    }
    .demo-notice strong {
      margin-inline-end: 0.6em;
      color: var(--page-gold);
    }
    .columns {
      display: grid;
      gap: 0 1.2em;
      align-items: start;
    }
    .list-head {
      display: flex;
      flex-wrap: wrap;
      gap: 0 1em;
      align-items: baseline;
      justify-content: space-between;
    }
    .list-head p,
    .aside {
      font-size: 0.875em;
      color: var(--page-muted);
    }
    .filters {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5em 1.5em;
      margin-top: 0.8em;
      font-size: 0.875em;
    }
    .axis,
    .cities a {
      display: grid;
      grid-template-columns: 7em minmax(5em, 1fr) 7.5em;
      gap: 0 1em;
      align-items: center;
      padding: 0.4em 0.6em;
      border-inline-start: 3px solid transparent;
    }
    .axis {
      margin-top: 0.6em;
      padding-block: 0.2em;
      border-bottom: 1px solid var(--page-line);
      color: var(--page-muted);
    }
    .axis > span {
      font-size: 0.75em;
    }
    .axis text {
      font-size: 0.75em;
      fill: var(--page-muted);
    }
    .cities {
      padding: 0;
      list-style: none;
    }
    .cities li {
      border-bottom: 1px solid var(--page-line);
    }
    .cities a {
      color: inherit;
      text-decoration: none;
    }
    .cities a:hover {
      background: var(--page-wash);
    }
    .cities a[aria-current] {
      border-inline-start-color: var(--page-seal);
      background: var(--page-wash);
    }
    .city-name {
      display: block;
      font-weight: 600;
    }
    .place {
      display: block;
      font-size: 0.8125em;
      color: var(--page-muted);
    }
    svg {
      display: block;
      overflow: visible;
    }
    .tick {
      stroke: var(--page-line);
    }
    .whisker {
      stroke: var(--page-bar);
      stroke-width: 1.5;
    }
    circle {
      fill: var(--page-seal);
    }
    .missing {
      stroke: var(--page-muted);
      stroke-dasharray: 2 3;
    }
    .cities hotline-grade-badge::part(badge) {
      padding: 0;
      border: 0;
      background: none;
    }
    .cities hotline-grade-badge::part(city),
    .cities hotline-grade-badge::part(demo),
    .cities hotline-grade-badge::part(meta) {
      display: none;
    }
    .detail hotline-grade-badge {
      max-width: none;
      margin-top: 0.8em;
    }
    .detail hotline-indicator-tree {
      margin-top: 0.8em;
    }
    .state ol {
      padding-inline-start: 1.4em;
    }
    .state li + li {
      margin-top: 0.6em;
    }
    code {
      display: block;
      font-family: ui-monospace, 'SF Mono', Consolas, 'Noto Sans Mono CJK SC', monospace;
      font-size: 0.875em;
      color: var(--page-muted);
    }
    .stale {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5em 1em;
      align-items: center;
      justify-content: space-between;
      border-style: dashed;
      font-size: 0.875em;
    }
    .none {
      padding: 1.5em 0;
    }
    progress {
      width: 100%;
      height: 0.5em;
      margin-top: 0.5em;
      accent-color: var(--page-seal);
    }
    @media (min-width: 72em) {
      .columns {
        grid-template-columns: minmax(26em, 2fr) minmax(0, 3fr);
      }
    }
    @media (max-width: 30em) {
      .axis,
      .cities a {
        grid-template-columns: minmax(0, 1fr) 7.5em;
        padding-inline: 0.4em 0;
      }
      .axis > span {
        display: none;
      }
      .axis svg,
      .cities .plot {
        grid-column: 1 / 3;
        grid-row: 2;
        margin-inline: 0.5em;
        width: calc(100% - 1em);
      }
    }
  `,
];
