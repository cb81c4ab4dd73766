/** Functions with regular expressions, in linear time whatever the expression. Source  https://masterminds.github.io/sprig/strings.html */
import type { RE2JS } from 're2js';
import { bounded, fixed, type FunctionTable, integer, text } from './template-function.js';

export const regexFunctionNames: readonly string[] = [
  'regexMatch',
  'regexFind',
  'regexFindAll',
  'regexReplaceAll',
  'regexReplaceAllLiteral',
  'regexSplit',
];

export async function loadRegexFunctions(): Promise<FunctionTable> {
  const { RE2JS: engine } = await import('re2js');
  const compiled = new Map<string, RE2JS>();
  const compile = (source: string): RE2JS => {
    const known = compiled.get(source);
    if (known) return known;
    const made = engine.compile(source);
    compiled.set(source, made);
    return made;
  };
  const all = (source: string, value: string, most: number): readonly string[] => {
    const matcher = compile(source).matcher(value);
    const found: string[] = [];
    while (found.length !== most && matcher.find()) found.push(matcher.group() ?? '');
    return found;
  };
  const replace = (source: string, value: string, by: string): string => {
    bounded(value.length + (all(source, value, -1).length + 1) * by.length);
    return compile(source).matcher(value).replaceAll(by);
  };
  return {
    regexMatch: fixed(2, ([source, value]) => compile(text(source)).matcher(text(value)).find()),
    regexFind: fixed(2, ([source, value]) => all(text(source), text(value), 1)[0] ?? ''),
    regexFindAll: fixed(3, ([source, value, most]) => all(text(source), text(value), integer(most))),
    regexReplaceAll: fixed(3, ([source, value, by]) => replace(text(source), text(value), groupNames(text(by)))),
    regexReplaceAllLiteral: fixed(3, ([source, value, by]) =>
      replace(text(source), text(value), text(by).replace(/[\\$]/g, '\\$&')),
    ),
    regexSplit: fixed(3, ([source, value, most]) => {
      const parts = compile(text(source)).split(text(value));
      const limit = integer(most);
      return limit < 0 ? parts : parts.slice(0, limit);
    }),
  };
}

/** Go writes groups of a replacement as `$1` or `${1}`. */
const groupNames = (by: string): string => by.replace(/\\/g, '\\\\').replace(/\$\{(\d+)\}/g, '$$$1');
