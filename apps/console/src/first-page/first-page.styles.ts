import { css } from 'lit';

export const firstPageStyles = css`
  :host {
    display: block;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
  }
  :focus-visible {
    outline: 2px solid var(--page-seal);
    outline-offset: 2px;
  }
  .masthead,
  main,
  footer {
    max-width: 92em;
    margin-inline: auto;
    padding-inline: clamp(1em, 3vw, 2.5em);
  }
  .masthead {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em 2em;
    align-items: baseline;
    justify-content: space-between;
    padding-block: 1.6em 0.9em;
  }
  h1 {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.6em;
    align-items: baseline;
    font-family: var(--page-display);
    font-size: 2em;
    font-weight: 700;
    line-height: 1.15;
  }
  h1 .second {
    font-size: 0.55em;
    font-weight: 400;
    color: var(--page-muted);
  }
  nav a {
    color: inherit;
    display: inline-block;
    padding: 0.25em 0;
  }
  main {
    border-top: 3px double var(--page-seal);
    padding-block: 1.2em 2em;
  }
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
  .panel {
    margin-top: 1.2em;
    padding: 1.2em;
    border: 1px solid var(--page-line);
    background: var(--page-paper);
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
  h2 {
    font-family: var(--page-display);
    font-size: 1.35em;
    font-weight: 700;
  }
  h2:focus {
    outline: none;
  }
  h2:focus-visible {
    outline: 2px solid var(--page-seal);
  }
  h3 {
    margin-top: 1.6em;
    font-family: var(--page-display);
    font-size: 1.1em;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em 1.5em;
    margin-top: 0.8em;
    font-size: 0.875em;
  }
  select,
  button {
    min-height: 2.1em;
    padding: 0.15em 0.7em;
    border: 1px solid var(--page-line);
    border-radius: 0.2em;
    background: var(--page-paper);
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
  }
  button:hover,
  select:hover {
    border-color: var(--page-ink);
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
  .state {
    display: grid;
    gap: 0.8em;
    justify-items: start;
    padding: 2em clamp(1.2em, 4vw, 3em);
  }
  .state p,
  .state ol {
    max-width: 46em;
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
  footer {
    padding-block: 0 2.5em;
  }
  footer p {
    font-size: 0.875em;
    color: var(--page-muted);
    padding-top: 1em;
    border-top: 1px solid var(--page-line);
  }
  @media (min-width: 72em) {
    .columns {
      grid-template-columns: minmax(26em, 2fr) minmax(0, 3fr);
    }
  }
  @media (max-width: 30em) {
    .panel {
      padding: 0.9em;
    }
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
`;
