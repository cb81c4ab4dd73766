/** Rules may not refer to themselves, directly or through others: their evaluation would have no end. */
import { definitionsOf, visitTerms } from './program-parts.js';
import type { Program, ResolvedRule } from './program.js';
import { mistake } from './syntax.js';

export function refuseRecursion({ rules }: Program): void {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (rule: ResolvedRule): void => {
    if (done.has(rule.name)) return;
    const start = path.indexOf(rule.name);
    if (start >= 0) {
      const cycle = [...path.slice(start), rule.name].slice(0, 10).join(' → ');
      throw mistake(definitionsOf(rule)[0]!, `rules refer to themselves: ${cycle}`);
    }
    path.push(rule.name);
    for (const name of namesOf(rule)) visit(rules.get(name)!);
    path.pop();
    done.add(rule.name);
  };
  for (const rule of rules.values()) visit(rule);
}

function namesOf(rule: ResolvedRule): ReadonlySet<string> {
  const names = new Set<string>();
  for (const definition of definitionsOf(rule))
    visitTerms(definition, (term) => {
      if (term.kind === 'rule' || term.kind === 'function') names.add(term.name);
    });
  return names;
}
