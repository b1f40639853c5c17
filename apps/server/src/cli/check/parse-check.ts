import jsep from 'jsep';
import { CliError, EXIT } from '../cli-error.ts';
import { ARITHMETIC, type Check, COMPARISONS, type Measure, type Term } from './check.ts';

/** Reads a check; what it does not understand it refuses, and says how one looks. */
export function parseCheck(text: string): Check {
  const root = toExpression(text);
  const comparison = COMPARISONS.find((one) => root.type === 'BinaryExpression' && root.operator === one);
  if (comparison === undefined) throw refuse(`"${text}" compares nothing`);
  const { left, right } = root as jsep.BinaryExpression;
  const reader = new TermReader();
  return { comparison, left: reader.read(left), right: reader.read(right) };
}

function toExpression(text: string): jsep.Expression {
  try {
    return jsep(text);
  } catch (cause) {
    throw refuse(`"${text}" cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Reads from the left, since a bare `previous` is that of what was named first. */
class TermReader {
  #first: Measure | undefined;

  read(expression: jsep.Expression): Term {
    const node = expression as jsep.CoreExpression;
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'number') return { kind: 'number', value: node.value };
        return this.#now(toMeasure(node));
      case 'Identifier':
        return node.name === 'previous' ? this.#previous(this.#first) : this.#now(toMeasure(node));
      case 'MemberExpression':
        return this.#now(toMeasure(node));
      case 'CallExpression':
        return this.#previous(toPreviousOf(node));
      case 'BinaryExpression':
        return this.#arithmetic(node);
      case 'ArrayExpression':
      case 'Compound':
      case 'ConditionalExpression':
      case 'SequenceExpression':
      case 'ThisExpression':
      case 'UnaryExpression':
        throw refuse(`a ${node.type} cannot be counted`);
    }
  }

  #arithmetic({ operator: sign, left, right }: jsep.BinaryExpression): Term {
    const operator = ARITHMETIC.find((one) => one === sign);
    if (operator === undefined) throw refuse(`"${sign}" is none of ${ARITHMETIC.join(' ')}`);
    return { kind: 'arithmetic', operator, left: this.read(left), right: this.read(right) };
  }

  #now(measure: Measure): Term {
    this.#first ??= measure;
    return { kind: 'measure', measure, when: 'now' };
  }

  #previous(measure: Measure | undefined): Term {
    if (measure === undefined) throw refuse('"previous" comes after what it is of, or names it: previous(signup)');
    this.#first ??= measure;
    return { kind: 'measure', measure, when: 'previous' };
  }
}

function toPreviousOf({ callee, arguments: given }: jsep.CallExpression): Measure {
  const [of, ...more] = given;
  if (callee.type !== 'Identifier' || callee.name !== 'previous' || of === undefined || more.length > 0) {
    throw refuse('the only function is previous(<type>)');
  }
  return toMeasure(of);
}

/** `signup`, `signup.users`, `"page view".users`; `events` and `users` alone are those of all types. */
function toMeasure(expression: jsep.Expression): Measure {
  const node = expression as jsep.CoreExpression;
  if (node.type === 'MemberExpression' && !node.computed) {
    const of = node.property.name;
    if (of === 'events' || of === 'users') return { type: toType(node.object), of };
    throw refuse(`a type has events and users, and no "${typeof of === 'string' ? of : '?'}"`);
  }
  if (node.type === 'Identifier' && (node.name === 'events' || node.name === 'users')) {
    return { type: null, of: node.name };
  }
  return { type: toType(node), of: 'events' };
}

function toType(expression: jsep.Expression): string {
  const node = expression as jsep.CoreExpression;
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  throw refuse('a type is a name, or a text in quotes');
}

function refuse(what: string): CliError {
  return new CliError(`${what}. A check looks like 'signup >= 0.7 * previous' or '"page view".users > 100'.`, {
    exitCode: EXIT.usage,
  });
}
