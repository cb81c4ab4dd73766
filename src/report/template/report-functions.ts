/** Functions that the reference adds to templates, and those that tell of the run. Environment and time come from outside. */
import type { FormatOptions } from '../format.js';
import { GoTime } from './go-time.js';
import { fixed, type FunctionTable, onText } from './template-function.js';

export function reportFunctions({ env = {}, version }: FormatOptions, now: number): FunctionTable {
  const variable = (name: string): string => (Object.hasOwn(env, name) ? (env[name] ?? '') : '');
  return {
    escapeXML: onText((value) =>
      value.replace(/[&<>"'\t\n\r]|[\u0000-\u001f\ufffe\uffff]|\p{Cs}/gu, (c) => xml[c] ?? '\ufffd'),
    ),
    escapeString: onText((value) => value.replace(/[&<>"']/g, (c) => xml[c]!)),
    endWithPeriod: onText((value) => (value.endsWith('.') ? value : `${value}.`)),
    sourceID: onText((value) => value),
    appVersion: fixed(0, () => version),
    env: onText(variable),
    expandenv: onText((value) =>
      value.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, a?: string, b?: string) => variable(a ?? b ?? '')),
    ),
    now: fixed(0, () => new GoTime(now)),
  };
}

const xml: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
