import type { Expression, Operand } from './expression.ts';

/** A filter as it may be written, with all its parentheses. */
export function printFilter(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${printFilter(expression.left)} ${expression.kind} ${printFilter(expression.right)})`;
    case 'not':
      return `not (${printFilter(expression.of)})`;
    case 'compare':
      return `${print(expression.left)} ${expression.op} ${print(expression.right)}`;
    case 'in':
      return `${print(expression.of)} in (${expression.values.map(print).join(',')})`;
    case 'text':
      return `${expression.test}(${print(expression.of)},${print(expression.part)})`;
    case 'is':
      return print(expression.of);
    default:
      return expression satisfies never;
  }
}

function print(operand: Operand): string {
  switch (operand.kind) {
    case 'null':
      return 'null';
    case 'property':
      return operand.name;
    case 'call':
      return `${operand.name}(${operand.of.map(print).join(',')})`;
    case 'literal':
      return operand.type === 'Edm.String'
        ? `'${operand.text.replaceAll("'", "''")}'`
        : operand.text;
    default:
      return operand satisfies never;
  }
}
