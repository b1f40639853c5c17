import { tv } from 'tailwind-variants/lite';

/** What floats above the page: menus, lists of choices, popovers. */
export const panel = tv({
  slots: {
    root: [
      'z-50 rounded-xl border border-line bg-raised text-ink shadow-raised outline-none',
      'data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:zoom-in-[0.98]',
      'data-[side=bottom]:slide-in-from-top-1 data-[side=top]:slide-in-from-bottom-1 duration-100',
    ],
    list: 'max-h-80 overflow-y-auto p-1',
    item: [
      'flex h-8 w-full cursor-pointer items-center gap-2 rounded-md px-2 text-[13px] outline-none select-none',
      'data-highlighted:bg-sunken data-disabled:opacity-50 data-selected:font-medium',
    ],
  },
});
