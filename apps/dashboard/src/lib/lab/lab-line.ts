/** One line of a picture: a value for each of its times; null where there was nothing to measure. */
export type LabLine = { readonly name: string; readonly color: string; readonly values: readonly (number | null)[] };
