/**
 * The compiler of conditions that Falco has, by way of sysdig: both are programs around libsinsp. It refuses fields,
 * operators and values that do not exist before it opens what it was told to read.
 * https://falco.org/docs/concepts/rules/conditions/
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { without } from '../e2e/kit/tools.js';

export const noCompiler = without('sysdig');

interface Item {
  readonly list?: string;
  readonly macro?: string;
  readonly rule?: string;
  readonly items?: readonly string[];
  readonly condition?: string;
  readonly output?: string;
}

/** A capture without events: the header of a section. https://ietf-opsawg-wg.github.io/draft-ietf-opsawg-pcap/draft-ietf-opsawg-pcapng.html */
const emptyCapture = Buffer.from('0a0d0d0a1c0000004d3c2b1a01000200ffffffffffffffff1c000000', 'hex');

/** What is wrong with a condition or the fields of an output; empty when it compiles. `scratch` is a path to write to. */
export function compileFilter(condition: string, output: string, scratch: string): string {
  writeFileSync(scratch, emptyCapture);
  const { status, stderr } = spawnSync('sysdig', ['-r', scratch, '-p', output, condition], { encoding: 'utf8' });
  assert.notEqual(status, null);
  // That the capture is empty is all that may be wrong.
  return stderr.includes('no events in file') ? '' : stderr.trim();
}

/** Conditions and outputs by rule, with macros and lists put in as Falco does. */
export function expandRules(
  text: string,
): ReadonlyMap<string, { readonly condition: string; readonly output: string }> {
  const words = new Map<string, string>();
  const expand = (condition: string): string => condition.replace(/"[^"]*"|[\w.]+/g, (word) => words.get(word) ?? word);
  const rules = new Map<string, { condition: string; output: string }>();
  for (const { list, macro, rule, items = [], condition = '', output = '' } of load(text) as Item[]) {
    if (list) words.set(list, items.join(', '));
    else if (macro) words.set(macro, `(${expand(condition)})`);
    else if (rule) rules.set(rule, { condition: expand(condition), output });
  }
  return rules;
}
