import { tv } from 'tailwind-variants/lite';

/** The look of what is typed into, and of the browser's own lists of choices. */
export const input = tv({
  base: [
    'h-9 w-full rounded-lg border border-line-strong bg-surface px-3 text-sm text-ink placeholder:text-ink-faint',
    'aria-invalid:border-down disabled:bg-sunken disabled:text-ink-faint',
  ],
});

/** The same in a bar of small controls. */
export const barInput =
  'h-8 rounded-lg border border-line-strong bg-surface px-2.5 text-[13px] placeholder:text-ink-faint';
