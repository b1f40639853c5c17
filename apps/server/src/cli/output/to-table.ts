import stringWidth from 'string-width';
import { formatCount } from '../format-figures.ts';
import type { Cell, Table } from './table.ts';
import { toPrintable } from './to-printable.ts';

const GAP = '  ';

/** Columns under their names, as wide as what is in them; numbers to the right. */
export function toTable({ columns, rows }: Table): string {
  const texts = rows.map((row) => row.map(toText));
  const widths = columns.map((title, at) => Math.max(...[title, ...texts.map((row) => row[at] ?? '')].map(measure)));
  const isNumeric = columns.map((_, at) => rows.length > 0 && rows.every((row) => typeof row[at] !== 'string'));
  const toLine = (cells: readonly string[]) =>
    cells
      .map((cell, at) => pad(cell, widths[at] ?? 0, isNumeric[at] === true))
      .join(GAP)
      .trimEnd();
  return [columns, ...texts].map((cells) => `${toLine(cells)}\n`).join('');
}

function toText(cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return toPrintable(cell);
  return Number.isInteger(cell) ? formatCount(cell) : cell.toFixed(3);
}

const measure = (text: string): number => stringWidth(text);

function pad(text: string, width: number, isRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - measure(text)));
  return isRight ? blanks + text : text + blanks;
}
