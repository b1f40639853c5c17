import { getContext, setContext } from 'svelte';

/** What the fields of a form know of it. */
export type FormState = {
  readonly isSending: boolean;
  /** What is wrong with a field; undefined: nothing. */
  issueOf(name: string): string | undefined;
};

const KEY = Symbol('form state');

export const setFormState = (state: FormState): FormState => setContext(KEY, state);
export const getFormState = (): FormState => getContext(KEY);
