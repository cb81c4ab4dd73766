/**
 * XML documents as a small tree: project files and package manifests.
 * Reads   UTF-8 text, a leading byte order mark allowed.
 * Yields  elements with their attributes, own text and lines. Namespaces are not resolved: `name` is without its prefix.
 * Limits  256 levels of nesting. Document type declarations are passed over: entities they declare do not exist,
 *         so nothing expands and nothing external is read.
 * Errors  `FormatError` with the line of the first mistake, undeclared entities included.
 * Source  https://www.w3.org/TR/xml/
 */
import { FormatError } from '#base';
import type { LineRange } from '#model';

export interface XmlElement {
  /** Without the namespace prefix. */
  readonly name: string;
  /** By name as written; an object without a prototype. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Character data directly inside, not trimmed; that of children is left out. */
  readonly text: string;
  /** From the end of the opening tag to the end of the closing one. */
  readonly lines: LineRange;
}

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
  lines: { start: number; end: number };
}

const maxDepth = 256;

/** The library is loaded at first use. */
export async function parseXml(text: string): Promise<XmlElement> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser();
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  const addText = (found: string): void => {
    const current = open.at(-1);
    if (current) current.text += found;
  };
  parser.on('error', (error) => {
    throw new FormatError(`not XML: line ${parser.line}`, { cause: error });
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= maxDepth) throw new FormatError(`XML nested deeper than ${maxDepth} levels`);
    const { line } = parser;
    const element = { name: localName(name), attributes, children: [], text: '', lines: { start: line, end: line } };
    if (open.length === 0) root = element;
    else open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop()!.lines.end = parser.line;
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text.replace(/^\uFEFF/, '')).close();
  if (!root) throw new FormatError('not XML: no element');
  return root;
}

/** The children of one name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
