import { css } from 'lit';

export const indicatorTreeStyles = css`
  .words {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .tree {
    container-type: inline-size;
    min-height: 8em;
    background: var(--paper);
  }
  .muted,
  .reason,
  small,
  .aside {
    font-size: 0.8125em;
    color: var(--muted);
  }
  .reason strong {
    display: block;
    color: var(--ink);
  }
  p {
    margin: 0;
  }
  .reason {
    padding: 0 0 0.6em;
    max-width: 46em;
  }
  .stale-line {
    margin-bottom: 0.75em;
    padding: 0.5em 0.8em;
    border: 1px dashed var(--muted);
    font-size: 0.8125em;
  }
  .scale {
    height: 5em;
    padding: 0 0.25em;
  }
  .scale text {
    font-size: 0.75em;
    fill: var(--muted);
  }
  .scale text.here {
    fill: var(--seal);
    font-weight: 700;
  }
  .scale text.figure {
    font-family: var(--display);
    font-size: 1.05em;
  }
  .axis {
    stroke: var(--muted);
    stroke-width: 1;
  }
  .scale .whisker {
    stroke: var(--seal);
    stroke-width: 3;
  }
  @media (forced-colors: active) {
    .foot,
    circle.here {
      fill: CanvasText;
    }
  }
  circle.here {
    fill: var(--seal);
    stroke: var(--paper);
    stroke-width: 1.5;
  }
  .bar-line > .plain {
    margin-inline-start: auto;
  }
  .bar-line {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em 1em;
    align-items: baseline;
    padding: 0.5em 0 0.75em;
  }
  .presumed {
    font-size: 0.8125em;
  }
  .presumed[open] {
    order: 1;
    flex-basis: 100%;
  }
  .presumed summary {
    width: max-content;
    min-height: 24px;
    cursor: pointer;
  }
  .presumed p {
    padding: 0.4em 0.8em;
    background: var(--hotline-wash, rgb(128 118 98 / 9%));
  }
  .bar-line strong {
    color: var(--ink);
  }
  .tag {
    border: 1px solid var(--line);
    border-radius: 0.2em;
    padding: 0 0.3em;
    font-size: 0.9em;
    white-space: nowrap;
  }
  .plain {
    min-height: 24px;
    padding: 0.2em 0.7em;
    border: 1px solid var(--line);
    border-radius: 0.2em;
    background: none;
    font: inherit;
    font-size: 0.8125em;
    color: var(--ink);
    cursor: pointer;
  }
  .plain:hover {
    border-color: var(--ink);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .row {
    display: grid;
    grid-template-columns: 1.1em minmax(0, 1fr) auto;
    gap: 0 0.4em;
    align-items: baseline;
    width: 100%;
    padding: 0.55em 0.4em 0.6em 0;
    border: 0;
    border-top: 1px solid var(--line);
    background: none;
    font: inherit;
    color: inherit;
    text-align: start;
    cursor: pointer;
  }
  .tree > .level > li:last-child {
    border-bottom: 1px solid var(--line);
  }
  .row:hover {
    background: var(--hotline-wash, rgb(128 118 98 / 9%));
  }
  .row:focus-visible {
    outline-offset: -0.14em;
  }
  .row::before {
    content: '';
    justify-self: center;
    align-self: start;
    margin-top: 0.5em;
    width: 0.42em;
    height: 0.42em;
    border: solid var(--muted);
    border-width: 0 0.11em 0.11em 0;
    transform: rotate(-45deg);
    transition: transform 120ms;
  }
  .row[aria-expanded='true']::before {
    transform: rotate(45deg);
  }
  .row .name {
    grid-column: 2;
  }
  .row .score {
    grid-column: 3;
    grid-row: 1;
    text-align: end;
  }
  .row .gauge-cell {
    grid-column: 2 / 4;
    margin: 0.35em 0 0.15em;
  }
  .row .aside {
    grid-column: 2 / 4;
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.8em;
    align-items: baseline;
  }
  .score b {
    font-weight: 600;
  }
  .score .none {
    font-size: 0.8125em;
    color: var(--muted);
  }
  .tree > .level > li > .row .name {
    font-size: 1.125em;
    font-weight: 600;
  }
  .tree > .level > li > .row .score b {
    font-family: var(--display);
    font-size: 1.35em;
    line-height: 1.1;
  }
  .below {
    padding-inline-start: 0.6em;
  }
  .detail {
    padding: 0.9em 0.8em 1.1em;
    margin-bottom: 0.6em;
    background: var(--hotline-wash, rgb(128 118 98 / 9%));
    border-inline-start: 2px solid var(--bar);
  }
  .detail .detail {
    border-inline-start-width: 1px;
    padding: 0.6em 0 0.6em 0.8em;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(12em, 100%), 1fr));
    gap: 0.7em 1.4em;
    margin: 0;
  }
  dt {
    font-size: 0.8125em;
    color: var(--muted);
  }
  dd {
    margin: 0;
  }
  dd small {
    display: block;
  }
  dd b {
    font-weight: 600;
  }
  .title {
    margin: 1.1em 0 0.35em;
    font-size: 0.8125em;
    font-weight: 600;
    color: var(--ink);
  }
  .notes li {
    font-size: 0.875em;
    padding-inline-start: 1em;
    text-indent: -1em;
  }
  .notes li::before {
    content: '— ' / '';
  }
  table {
    border-collapse: collapse;
    font-size: 0.875em;
    width: 100%;
    max-width: 32em;
  }
  th,
  td {
    padding: 0.25em 0.5em 0.25em 0;
    border-bottom: 1px solid var(--line);
    font-weight: 400;
    text-align: start;
  }
  thead th {
    color: var(--muted);
    font-size: 0.93em;
  }
  .number {
    text-align: end;
  }
  .sources > li {
    font-size: 0.875em;
  }
  .sources > li + li {
    margin-top: 0.7em;
  }
  .files li {
    padding: 0.3em 0;
    border-bottom: 1px solid var(--line);
  }
  .file {
    margin-inline-end: 0.5em;
  }
  code {
    font-family: ui-monospace, 'SF Mono', Consolas, 'Noto Sans Mono CJK SC', monospace;
    font-size: 0.86em;
    color: var(--muted);
  }
  .hash {
    display: block;
    font-size: 0.8125em;
  }
  abbr {
    text-decoration: none;
  }
  .track {
    fill: var(--line);
  }
  .bar,
  .foot {
    fill: var(--bar);
  }
  .gauge .whisker {
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .missing {
    stroke: var(--muted);
    stroke-width: 1;
    stroke-dasharray: 2 3;
  }
  @container (min-width: 17em) {
    tbody th,
    .number {
      white-space: nowrap;
    }
  }
  @container (min-width: 40em) {
    .below {
      padding-inline-start: 1.1em;
    }
    .row {
      grid-template-columns: 1.1em minmax(0, 14em) minmax(0, 1fr) minmax(0, 9em) 6em;
    }
    .row .name {
      grid-column: 2;
    }
    .row .aside {
      grid-column: 3;
      grid-row: 1;
    }
    .row .gauge-cell {
      grid-column: 4;
      grid-row: 1;
      margin: 0.5em 0 0;
      align-self: start;
    }
    .row .score {
      grid-column: 5;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .row::before {
      transition: none;
    }
  }
`;
