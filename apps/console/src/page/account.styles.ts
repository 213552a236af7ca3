import { css } from 'lit';
import { pageStyles } from './page.styles.js';

/** Forms, lists of people and devices, and what is said about them. */
export const accountStyles = [
  pageStyles,
  css`
    main {
      display: grid;
      gap: 1.2em;
    }
    .panel {
      margin: 0;
      min-width: 0;
    }
    .narrow {
      width: min(100%, 34em);
      margin-inline: auto;
    }
    .panel > * + * {
      margin-top: 0.9em;
    }
    h2 {
      line-height: 1.3;
    }
    h3,
    .head h3 {
      margin-top: 0;
    }
    h4 {
      margin: 0.6em 0 0;
      font-size: 1em;
    }
    .panel > * + h3 {
      margin-top: 1.4em;
    }
    /* Where the reader goes on, but nothing that keys act on. */
    [tabindex='-1']:focus-visible {
      outline: none;
    }
    .lead,
    .hint,
    .aside {
      color: var(--page-muted);
    }
    .hint,
    .aside {
      font-size: 0.875em;
    }
    a {
      color: inherit;
      text-underline-offset: 0.2em;
    }
    a:hover {
      color: var(--page-seal);
    }
    form {
      display: grid;
      gap: 0.9em;
    }
    label {
      display: block;
      font-weight: 600;
    }
    .entry {
      display: flex;
      gap: 0.4em;
      margin-top: 0.2em;
    }
    input,
    select,
    button,
    .button {
      min-height: 2.5em;
    }
    input,
    select {
      min-width: 0;
      padding: 0.3em 0.6em;
      border: 1px solid var(--page-muted);
      border-radius: 0.2em;
      background: var(--page-paper);
      font: inherit;
      color: inherit;
    }
    .entry input,
    .entry select,
    .entry .button {
      flex: 1;
    }
    .entry input {
      /* Its own width would widen a narrow page, however far it may shrink. */
      width: 0;
    }
    input[readonly] {
      border-style: dashed;
      background: var(--page-wash);
    }
    input[aria-invalid='true'] {
      border: 2px solid var(--page-seal);
    }
    button,
    .button {
      border-color: var(--page-muted);
    }
    .button {
      display: inline-grid;
      align-items: center;
      padding: 0.15em 1em;
      border: 1px solid var(--page-muted);
      border-radius: 0.2em;
      background: var(--page-paper);
      text-align: center;
      text-decoration: none;
    }
    .button:hover {
      border-color: var(--page-ink);
      color: inherit;
    }
    .main {
      border-color: var(--page-seal);
      background: var(--page-seal);
      color: var(--page-paper);
      font-weight: 600;
    }
    .main:hover {
      border-color: var(--page-ink);
      color: var(--page-paper);
    }
    button[aria-disabled='true'] {
      cursor: default;
      opacity: 0.7;
    }
    button[aria-pressed='true'] {
      background: var(--page-wash);
      border-color: var(--page-ink);
    }
    .field-problem,
    .problem {
      color: var(--page-seal);
    }
    .field .hint,
    .field-problem {
      margin-top: 0.3em;
    }
    .problem,
    .notice {
      padding: 0.6em 0.9em;
      border: 1px solid var(--page-line);
      border-inline-start: 3px solid var(--page-gold);
      background: var(--page-paper);
    }
    .problem {
      border-inline-start-color: var(--page-seal);
    }
    .problem > * + *,
    .notice > * + * {
      margin-top: 0.5em;
    }
    .done:empty {
      display: none;
    }
    .or {
      display: flex;
      gap: 0.8em;
      align-items: center;
      font-size: 0.875em;
      color: var(--page-muted);
    }
    .or::before,
    .or::after {
      content: '';
      flex: 1;
      border-top: 1px solid var(--page-line);
    }
    dl {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 0.4em 1.2em;
      margin: 0;
    }
    dt {
      color: var(--page-muted);
    }
    dd {
      margin: 0;
    }
    .mark {
      margin-inline-start: 0.4em;
      border: 1px solid var(--page-line);
      border-radius: 0.2em;
      padding: 0 0.45em;
      font-size: 0.8125em;
      font-weight: 400;
      color: var(--page-muted);
      white-space: nowrap;
    }
    .demo-mark {
      border-color: var(--page-gold);
      color: var(--page-gold);
    }
    .head {
      display: flex;
      flex-wrap: wrap;
      gap: 0.4em 1em;
      align-items: baseline;
      justify-content: space-between;
    }
    .list {
      padding: 0;
      border-top: 1px solid var(--page-line);
      list-style: none;
    }
    .list > li {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5em 1.2em;
      align-items: center;
      justify-content: space-between;
      padding: 0.6em 0;
      border-bottom: 1px solid var(--page-line);
    }
    .list > li > :first-child {
      flex: 1 1 14em;
      min-width: 0;
    }
    .wide {
      flex-basis: 100%;
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5em;
      align-items: center;
    }
    .columns {
      display: grid;
      gap: 1.2em;
      align-items: start;
    }
    .stack {
      display: grid;
      gap: 1.2em;
      min-width: 0;
    }
    .steps {
      padding-inline-start: 1.4em;
    }
    .steps li + li {
      margin-top: 0.9em;
    }
    .steps li > * + * {
      margin-top: 0.7em;
    }
    .qr {
      width: 13em;
      max-width: 100%;
      height: auto;
      background: #fff;
      color: #000;
    }
    .secret,
    .codes {
      font-family: ui-monospace, 'SF Mono', Consolas, 'Noto Sans Mono CJK SC', monospace;
    }
    .codes {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(8.5em, 1fr));
      gap: 0.4em 1em;
      padding: 0.9em;
      border: 1px dashed var(--page-muted);
      list-style: none;
    }
    .people {
      display: grid;
      gap: 0.9em 1.2em;
    }
    .hidden {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    @media (min-width: 60em) {
      .columns {
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      }
      .people {
        grid-template-columns: repeat(3, minmax(0, 1fr));
      }
    }
  `,
];
