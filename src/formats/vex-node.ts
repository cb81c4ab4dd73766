/**
 * A place in a VEX document: value, path of keys and line, so that every complaint names both.
 * Reads   JSON as `located-json.ts` parses it.
 * Errors  `FormatError` for a value of the wrong type.
 */
import { FormatError } from '#base';
import type { LocatedJson } from './located-json.js';
import { fieldOf, isTable } from './untyped.js';

/** A part of a document that is left out because it cannot be understood; the rest counts. */
export interface VexProblem {
  readonly line: number;
  /** Path of keys, `statements[2].status`. */
  readonly field: string;
  readonly message: string;
}

export interface VexNode {
  readonly value: unknown;
  readonly path: string;
  /** 1-based; of the key or element, or of what encloses it when it is not in the document. */
  readonly line: number;
  readonly document: LocatedJson;
}

export function rootNode(document: LocatedJson): VexNode {
  return { value: document.root, path: '', line: document.linesOf(document.root)?.start ?? 1, document };
}

export function child(node: VexNode, key: string): VexNode {
  const value = isTable(node.value) ? fieldOf(node.value, key) : undefined;
  const line = node.document.lineOfMember(node.value, key) ?? node.line;
  return { value, path: node.path ? `${node.path}.${key}` : key, line, document: node.document };
}

/** The elements of a list; none when the key is absent or null. */
export function items(node: VexNode): readonly VexNode[] {
  const { value, document } = node;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(node, 'a list');
  return value.map((element: unknown, i) => ({
    value: element,
    path: `${node.path}[${i}]`,
    line: document.lineOfElement(value, i)?.start ?? node.line,
    document,
  }));
}

/** The object at a place. */
export function table(node: VexNode): VexNode {
  if (!isTable(node.value)) throw wrongType(node, 'an object');
  return node;
}

/** The text at a place; undefined when it is absent, null or empty. */
export function text(node: VexNode): string | undefined {
  const { value } = node;
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw wrongType(node, 'a text');
  return value;
}

/** The texts of a list. */
export function texts(node: VexNode): readonly string[] {
  return items(node).flatMap((item) => text(item) ?? []);
}

export function problem({ line, path }: VexNode, message: string): VexProblem {
  return { line, field: path, message };
}

function wrongType(node: VexNode, wanted: string): FormatError {
  const field = node.path || 'the document';
  return new FormatError(`line ${node.line}: ${field} is ${kindOf(node.value)} where ${wanted} is expected`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? 'an object';
}
