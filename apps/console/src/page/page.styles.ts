import { css } from 'lit';

/** What all pages have in common: masthead, panels, headings, plain controls. */
export const pageStyles = css`
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
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.5em;
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
  .panel {
    margin-top: 1.2em;
    padding: 1.2em;
    border: 1px solid var(--page-line);
    background: var(--page-paper);
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
  footer {
    padding-block: 0 2.5em;
  }
  footer p {
    font-size: 0.875em;
    color: var(--page-muted);
    padding-top: 1em;
    border-top: 1px solid var(--page-line);
  }
  @media (max-width: 30em) {
    .panel {
      padding: 0.9em;
    }
  }
`;
