import { protect, quote } from '../../export/to-csv.ts';
import type { Table } from './table.ts';

/** RFC 4180 with a header; what there is not is empty. */
export function toCsv({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((cells) => cells.map((cell) => quote(toField(cell))).join(','));
  return lines.map((line) => `${line}\r\n`).join('');
}

function toField(cell: string | number | null): string {
  if (cell === null) return '';
  return typeof cell === 'number' ? String(cell) : protect(cell);
}
