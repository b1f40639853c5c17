import type { Link } from '../connection/link.ts';
import { toPrintable } from '../format/to-printable.ts';
import { Notice } from './notice.tsx';

/** What stands where no answer has come yet. */
export function Waiting({ link }: { readonly link: Link }) {
  if (link.phase !== 'reconnecting') return <Notice message="Waiting for the first answer…" />;
  return <Notice message={toPrintable(link.why.message)} remedy={`${link.why.remedy}   Trying again…`} isBad />;
}
