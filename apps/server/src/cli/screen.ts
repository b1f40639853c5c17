/** Where progress is shown: standard error, which may be a terminal or not. */
export type Screen = { readonly isTTY?: boolean; write(text: string): unknown };
