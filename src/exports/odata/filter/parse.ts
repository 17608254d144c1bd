import { findProperty, type EntityShape } from '../model.ts';
import {
  typeOf,
  type Comparison,
  type Expression,
  type Literal,
  type Operand,
  type TextTest,
} from './expression.ts';
import { callOf, isFunction } from './functions.ts';
import { comparable, literalAs, literalOf } from './literal.ts';
import { malformed } from './malformed.ts';
import { tokensOf, type Token } from './tokens.ts';

/** Characters, terms and depth of a filter: more is no question of a person, nor of a tool for people. */
const MOST_CHARACTERS = 4000;
const MOST_TERMS = 200;
const MOST_DEPTH = 30;

const COMPARISONS: ReadonlySet<string> = new Set<Comparison>(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const TESTS: ReadonlySet<string> = new Set<TextTest>(['contains', 'startswith', 'endswith']);

/**
 * Reads a filter on the entities of a set: comparisons, `and`, `or`, `not`, `in`, the tests of texts, and functions of
 * texts and times.
 *
 * @throws InvalidProperty naming what is not understood, not there, or of another type
 */
export function parseFilter(source: string, shape: EntityShape): Expression {
  if (source.length > MOST_CHARACTERS) {
    throw malformed(source, `it has at most ${MOST_CHARACTERS} characters`);
  }
  return new Parser(source, shape).parse();
}

class Parser {
  readonly #source: string;
  readonly #shape: EntityShape;
  readonly #tokens: readonly Token[];
  #at = 0;
  #terms = 0;

  constructor(source: string, shape: EntityShape) {
    this.#source = source;
    this.#shape = shape;
    this.#tokens = tokensOf(source);
  }

  parse(): Expression {
    const expression = this.#or(0);
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw this.#fail(`it should have ended before '${rest.text}'`);
    return expression;
  }

  #or(depth: number): Expression {
    let left = this.#and(depth);
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and(depth) };
    return left;
  }

  #and(depth: number): Expression {
    let left = this.#not(depth);
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#not(depth) };
    return left;
  }

  #not(depth: number): Expression {
    if (depth > MOST_DEPTH) throw this.#fail(`it is nested at most ${MOST_DEPTH} deep`);
    if (this.#takeWord('not')) return { kind: 'not', of: this.#not(depth + 1) };
    if (this.#takeMark('(')) {
      const inside = this.#or(depth + 1);
      this.#expectMark(')');
      return inside;
    }
    return this.#term(depth);
  }

  #term(depth: number): Expression {
    this.#terms += 1;
    if (this.#terms > MOST_TERMS) throw this.#fail(`it has at most ${MOST_TERMS} comparisons`);
    const word = this.#peekWord();
    if (word !== undefined && isTest(word) && this.#peekMark(1) === '(') {
      return this.#answer(this.#textTest(word, depth));
    }
    const left = this.#operand(depth);
    if (this.#takeWord('in')) return this.#in(left);
    const op = this.#peekWord();
    if (op !== undefined && isComparison(op)) {
      this.#at += 1;
      return this.#comparison(op, left, this.#operand(depth));
    }
    if (typeOf(left) !== 'Edm.Boolean') throw this.#fail('a comparison such as eq is missing');
    return { kind: 'is', of: left };
  }

  /** A test of a text may be compared with true or false, as some tools write it. */
  #answer(test: Expression): Expression {
    const op = this.#peekWord();
    if (op !== 'eq' && op !== 'ne') return test;
    this.#at += 1;
    const wanted = this.#peekWord();
    if (wanted !== 'true' && wanted !== 'false')
      throw this.#fail('a test is compared with true or false');
    this.#at += 1;
    return (op === 'eq') === (wanted === 'true') ? test : { kind: 'not', of: test };
  }

  #comparison(op: Comparison, left: Operand, right: Operand): Expression {
    const orders = op !== 'eq' && op !== 'ne';
    if (orders && (left.kind === 'null' || right.kind === 'null')) {
      throw this.#fail(`null is compared by eq and ne, not by ${op}`);
    }
    const [one, other] = [this.#like(left, right), this.#like(right, left)];
    if (orders && typeOf(one) === 'Edm.Boolean')
      throw this.#fail(`true and false are not compared by ${op}`);
    return { kind: 'compare', op, left: one, right: other };
  }

  /** An operand as it is compared with another one: a value may be written as one of that type. */
  #like(operand: Operand, other: Operand): Operand {
    const [type, wanted] = [typeOf(operand), typeOf(other)];
    if (type === undefined || wanted === undefined || comparable(type, wanted)) return operand;
    const literal = operand.kind === 'literal' ? literalAs(operand, wanted) : undefined;
    if (literal !== undefined) return literal;
    // The other one may be a value that can be read as this type.
    if (other.kind === 'literal' && literalAs(other, type) !== undefined) return operand;
    throw this.#fail(`${type} is not compared with ${wanted}`);
  }

  #in(of: Operand): Expression {
    this.#expectMark('(');
    const values: Literal[] = [];
    do {
      const value = this.#like(this.#operand(0), of);
      if (value.kind !== 'literal') throw this.#fail('the list after in holds values');
      values.push(value);
      this.#terms += 1;
      if (this.#terms > MOST_TERMS) throw this.#fail(`it has at most ${MOST_TERMS} comparisons`);
    } while (this.#takeMark(','));
    this.#expectMark(')');
    return { kind: 'in', of, values };
  }

  #textTest(test: TextTest, depth: number): Expression {
    this.#at += 2;
    const of = this.#operand(depth + 1);
    this.#expectMark(',');
    const part = this.#operand(depth + 1);
    this.#expectMark(')');
    if (typeOf(of) !== 'Edm.String' || typeOf(part) !== 'Edm.String') {
      throw this.#fail(`${test} is about two texts`);
    }
    return { kind: 'text', test, of, part };
  }

  #operand(depth: number): Operand {
    if (depth > MOST_DEPTH) throw this.#fail(`it is nested at most ${MOST_DEPTH} deep`);
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#fail('it ends too early');
    this.#at += 1;
    if (token.kind === 'word') return this.#word(token.text, depth);
    const literal = literalOf(token);
    if (literal === undefined) throw this.#fail(`'${token.text}' is no value`);
    return literal;
  }

  #word(word: string, depth: number): Operand {
    if (word === 'null') return { kind: 'null' };
    if (word === 'true' || word === 'false') {
      return { kind: 'literal', type: 'Edm.Boolean', text: word };
    }
    if (isFunction(word) && this.#takeMark('(')) {
      const of = [this.#operand(depth + 1)];
      while (this.#takeMark(',')) of.push(this.#operand(depth + 1));
      this.#expectMark(')');
      const call = callOf(word, of);
      if (call !== undefined) return call;
      throw this.#fail(`${word} is not of ${of.map((one) => typeOf(one) ?? 'null').join(', ')}`);
    }
    const property = findProperty(this.#shape, word);
    if (property === undefined) throw this.#fail(`${this.#shape.type} has no property '${word}'`);
    return { kind: 'property', name: word, type: property.type };
  }

  #peekWord(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' ? token.text : undefined;
  }

  #peekMark(ahead: number): string | undefined {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'mark' ? token.text : undefined;
  }

  #takeWord(word: string): boolean {
    if (this.#peekWord() !== word) return false;
    this.#at += 1;
    return true;
  }

  #takeMark(mark: string): boolean {
    if (this.#peekMark(0) !== mark) return false;
    this.#at += 1;
    return true;
  }

  #expectMark(mark: string): void {
    if (!this.#takeMark(mark)) throw this.#fail(`'${mark}' is missing`);
  }

  #fail(rule: string): Error {
    return malformed(this.#source, rule);
  }
}

function isComparison(word: string): word is Comparison {
  return COMPARISONS.has(word);
}

function isTest(word: string): word is TextTest {
  return TESTS.has(word);
}
