import { InvalidArgumentError } from 'commander';

/** Reads an option's whole number, from `min` to `max`. */
export function toWhole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
