import { css } from 'lit';

const light = css`
  --ink: var(--hotline-ink, #1a1d21);
  --muted: var(--hotline-muted, #565d66);
  --paper: var(--hotline-paper, #ffffff);
  --line: var(--hotline-line, #d8d8d3);
  --bar: var(--hotline-bar, #46566b);
  --seal: var(--hotline-seal, #9c2323);
  --gold: var(--hotline-gold, #7d5a10);
`;

const dark = css`
  --ink: var(--hotline-ink, #eceded);
  --muted: var(--hotline-muted, #aab0b8);
  --paper: var(--hotline-paper, #16191d);
  --line: var(--hotline-line, #3a4048);
  --bar: var(--hotline-bar, #9db0c8);
  --seal: var(--hotline-seal, #ee8b82);
  --gold: var(--hotline-gold, #d9b766);
`;

/**
 * Shared by every element. `.root` starts from initial values, so that a page's rules reach the content only through
 * the custom properties, the font size (which follows a portal's large-text mode) and the parts. The demo mark stays on
 * one line unless it is alone too wide for what is around it: an inline block.
 */
export const tokens = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  .root {
    all: initial;
    ${light}
    display: block;
    box-sizing: border-box;
    direction: ltr;
    color-scheme: light;
    font-family: var(--hotline-font, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif);
    --display: var(--hotline-font-display, Georgia, 'Songti SC', 'Noto Serif CJK SC', SimSun, serif);
    font-size: var(--hotline-font-size, 1em);
    line-height: 1.5;
    font-variant-numeric: tabular-nums;
    color: var(--ink);
    text-align: start;
    overflow-wrap: anywhere;
  }
  :host([theme='dark']) .root {
    ${dark}
    color-scheme: dark;
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) .root {
      ${dark}
      color-scheme: dark;
    }
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 0.14em solid var(--seal);
    outline-offset: 0.14em;
  }
  .demo {
    display: inline-block;
    border: 1px solid var(--gold);
    border-radius: 0.2em;
    padding: 0 0.45em;
    font-size: 0.75em;
    color: var(--gold);
  }
  svg {
    display: block;
    overflow: visible;
  }
  @media (forced-colors: active) {
    .bar {
      fill: CanvasText;
    }
  }
`;
