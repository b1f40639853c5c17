import { tv, type VariantProps } from 'tailwind-variants/lite';

/** The look of everything that is pressed: buttons, links that act like them, and triggers of menus. */
export const button = tv({
  base: [
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg font-medium whitespace-nowrap select-none',
    'transition-colors disabled:pointer-events-none disabled:opacity-50',
  ],
  variants: {
    variant: {
      primary: 'bg-accent text-on-accent hover:bg-accent-strong',
      /** What cannot be taken back. */
      danger: 'bg-down text-on-accent hover:bg-down/90',
      outline: 'border border-line bg-surface text-ink shadow-card hover:border-line-strong hover:bg-sunken',
      ghost: 'text-ink-muted hover:bg-sunken hover:text-ink',
      /** An outline that is in force. */
      chosen: 'border border-accent bg-surface text-ink shadow-card ring-1 ring-accent hover:bg-sunken',
    },
    size: {
      sm: 'h-8 px-2.5 text-[13px]',
      md: 'h-10 px-4 text-sm',
      icon: 'size-8',
    },
  },
  defaultVariants: { variant: 'outline', size: 'sm' },
});

export type ButtonLook = VariantProps<typeof button>;
