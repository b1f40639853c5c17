// Draws a terminal's screen as SVG, for the README:
// tmux capture-pane -p -e | node apps/monitor/scripts/to-svg.mjs > docs/screenshots/monitor.svg
import { text } from 'node:stream/consumers';

/** Of the font below, so that blocks of neighbouring lines touch. */
const CELL = { width: 8.43, height: 16.3 };
const MARGIN = 20;
const COLORS = { 31: '#ff7b72', 35: '#d2a8ff' };
const INK = '#e6edf3';
const QUIET = '#8b949e';
const PAPER = '#0d1117';
const ESCAPE = String.fromCharCode(27);

/** Pieces of a line that look the same, each with its place. */
function toPieces(line, style) {
  const pieces = [];
  let column = 0;
  for (const [index, part] of line.split(`${ESCAPE}[`).entries()) {
    const [, codes = '', rest = part] = index === 0 ? [] : (/^([\d;]*)m(.*)$/s.exec(part) ?? []);
    if (index > 0) for (const code of codes.split(';')) apply(style, Number(code));
    // Blanks are left out where there are several: what is stretched to its length would stretch them away.
    for (const { 0: word, index: at } of rest.matchAll(/\S+(?: \S+)*/g)) {
      pieces.push({ ...style, text: word, column: column + at, length: word.length });
    }
    column += rest.length;
  }
  return pieces;
}

function apply(style, code) {
  if (code === 0) Object.assign(style, { color: undefined, bold: false, dim: false });
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 22) Object.assign(style, { bold: false, dim: false });
  else if (code === 39) style.color = undefined;
  else if (code in COLORS) style.color = COLORS[code];
}

function toElement({ text: shown, column, length, color, bold, dim }, row) {
  const x = (MARGIN + column * CELL.width).toFixed(1);
  const y = (MARGIN + row * CELL.height + 12.5).toFixed(1);
  const fill = color ?? (dim ? QUIET : INK);
  const escaped = shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  // The length is told, so that columns stand under each other whatever font there is.
  const stretch = `textLength="${(length * CELL.width).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  return `<text x="${x}" y="${y}" ${stretch} fill="${fill}"${bold ? ' font-weight="bold"' : ''}>${escaped}</text>`;
}

const lines = (await text(process.stdin)).replace(/\n+$/, '').split('\n');
const style = { color: undefined, bold: false, dim: false };
const rows = lines.map((line) => toPieces(line, style));
const columns = Math.max(...rows.flat().map(({ column, length }) => column + length));
const width = Math.ceil(2 * MARGIN + columns * CELL.width);
const height = Math.ceil(2 * MARGIN + lines.length * CELL.height);
const font = `font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14"`;
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${font}>
  <title>The monitor</title>
  <rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/>
  ${rows.flatMap((pieces, row) => pieces.map((piece) => toElement(piece, row))).join('\n  ')}
</svg>
`);
