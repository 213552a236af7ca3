import { css } from 'lit';

export const gradeBadgeStyles = css`
  :host {
    max-width: 26em;
  }
  :host([size='small']) {
    display: inline-block;
    max-width: 100%;
  }
  .badge {
    position: relative;
    min-height: 6em;
    padding: 1em 1.2em;
    border: 1px solid var(--line);
    border-top: 3px solid var(--seal);
    background: var(--paper);
  }
  .loading,
  .failed,
  .unrated {
    border-color: var(--muted);
  }
  .failed,
  .stale {
    border-style: dashed;
    border-color: var(--muted);
  }
  header,
  .figures,
  .meta {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2em 0.8em;
    align-items: baseline;
    margin: 0;
  }
  header,
  .figures {
    justify-content: space-between;
  }
  .city,
  b {
    font-weight: 600;
    color: var(--ink);
  }
  .mark {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2em 0.8em;
    align-items: center;
  }
  .beside {
    display: grid;
    justify-items: start;
  }
  .letter {
    font: 4em/1.2 var(--display);
    letter-spacing: -0.02em;
    color: var(--seal);
  }
  .none {
    font: 1.5em/2 var(--display);
  }
  .stale .letter,
  .none,
  .range {
    color: var(--muted);
  }
  .letter,
  .range {
    white-space: nowrap;
  }
  .index {
    text-align: end;
  }
  .figure {
    display: block;
    font: 1.9em/1.1 var(--display);
  }
  .label,
  .range,
  .meta,
  .reason,
  details {
    font-size: 0.8125em;
    color: var(--muted);
  }
  .reason {
    margin: 0;
  }
  .reason b {
    display: block;
  }
  summary {
    padding: 0.15em 0.5em;
    border: 1px solid var(--line);
    border-radius: 0.2em;
    color: var(--ink);
    cursor: pointer;
  }
  details p {
    position: absolute;
    z-index: 1;
    inset-inline: 0.8em;
    margin: 0.4em 0;
    padding: 0.8em;
    border: 1px solid var(--muted);
    background: var(--paper);
    color: var(--ink);
  }
  .chances {
    container-type: inline-size;
    height: 3.6em;
    margin-top: 0.4em;
  }
  text {
    font-size: min(0.75em, 5.5cqi);
    fill: var(--muted);
  }
  .track {
    fill: var(--line);
  }
  .bar {
    fill: var(--bar);
  }
  .here > * {
    fill: var(--seal);
    font-weight: 700;
  }
  .stale .here > * {
    fill: var(--ink);
  }
  .meta {
    margin-top: 0.6em;
    padding-top: 0.6em;
    border-top: 1px solid var(--line);
  }
  .small {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2em 0.8em;
    align-items: center;
    min-height: 0;
    padding: 0.4em 0.8em;
    border-width: 1px;
  }
  .lines {
    flex: 1 1 8em;
  }
  .small .letter {
    font-size: 2em;
  }
  .small .none {
    font-size: 1em;
  }
  .small header {
    font-size: 0.875em;
  }
  .small .meta {
    margin: 0;
    padding: 0;
    border: 0;
    font-size: 0.75em;
  }
  a {
    color: inherit;
  }
`;
