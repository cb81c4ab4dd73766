/**
 * `template`: what a Go template makes of the results. The text of the template comes with the options.
 * Errs on  templates that are wrong or use what is not supported, naming the line
 * Source   https://pkg.go.dev/text/template · https://masterminds.github.io/sprig/
 */
import { PratiqueError } from '#base';
import type { Report } from '#model';
import { defineFormat, type FormatOptions } from '../format.js';
import { builtinFunctions } from './builtin-functions.js';
import { evaluateTemplate, lazyFunctions } from './evaluate.js';
import { listFunctions } from './list-functions.js';
import { parseTemplate } from './parse.js';
import { loadRegexFunctions, regexFunctionNames } from './regex-functions.js';
import { reportFunctions } from './report-functions.js';
import { resultValues } from './report-values.js';
import { type Template, TemplateError } from './syntax.js';
import type { FunctionTable } from './template-function.js';
import { textFunctions } from './text-functions.js';

export const template = defineFormat({
  id: 'template',
  title: 'what a Go template of the user makes',
  mediaType: 'text/plain',
  extension: 'txt',
  async *encode(report, options) {
    const source = options.template;
    if (!source) throw new PratiqueError('usage/invalid', { problem: '--format template needs --template' });
    try {
      yield* await written(report, source.text, options);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new PratiqueError(
        'template/invalid',
        { name: source.name, line: error.line, problem: error.message },
        error,
      );
    }
  },
});

async function written(report: Report, source: string, options: FormatOptions): Promise<Generator<string>> {
  const parsed = parseTemplate(source);
  const functions = await functionsFor(parsed, options, Date.parse(report.createdAt) || 0);
  return evaluateTemplate(parsed, functions, resultValues(report, options));
}

async function functionsFor(parsed: Template, options: FormatOptions, now: number): Promise<FunctionTable> {
  const wantsRegex = regexFunctionNames.some((name) => parsed.functions.has(name));
  const functions: FunctionTable = {
    ...builtinFunctions,
    ...textFunctions,
    ...listFunctions,
    ...reportFunctions(options, now),
    ...(wantsRegex && (await loadRegexFunctions())),
  };
  for (const [name, line] of parsed.functions)
    if (!Object.hasOwn(functions, name) && !lazyFunctions.has(name))
      throw new TemplateError(line, `the function ${name} is not supported`);
  return functions;
}
