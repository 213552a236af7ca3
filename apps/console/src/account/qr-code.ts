import { html, svg, type TemplateResult } from 'lit';
import encodeQR from 'qr';

/** A text as a QR code: a square for each dark module, dark on light in every colour scheme. */
export function qrCode(text: string, label: string): TemplateResult {
  // Readers do not find a code without four modules of white around it.
  const rows = encodeQR(text, 'raw', { border: 4 });
  const squares = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return html`<svg
    class="qr"
    viewBox=${`0 0 ${rows.length} ${rows.length}`}
    role="img"
    aria-label=${label}
    shape-rendering="crispEdges"
  >
    ${svg`<path fill="currentColor" d=${squares.join('')} />`}
  </svg>`;
}
