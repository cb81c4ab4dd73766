/** Policies made at random, most of them valid, from the statements that policies over findings are made of. */
import * as fc from 'fast-check';

const reference = fc.constantFrom(
  'input.Severity',
  'input.PkgName',
  'input.absent',
  'input.absent.x',
  'input.no',
  'input.nothing',
  'input.numbers',
  'input.CweIDs',
  'input.VendorSeverity',
  'input.CVSS.nvd.V3Score',
  'input.numbers[_]',
  'input.CweIDs[_]',
  'input.VendorSeverity[_]',
  'input.VendorSeverity.nvd',
  'input.numbers[x]',
  'input.CweIDs[y]',
  'words[_]',
  'words',
  'table.a',
  'table[y]',
  'one',
  'maybe',
);
const constant = fc.constantFrom(
  '0',
  '1',
  '2',
  '7.5',
  '"LOW"',
  '"CWE-79"',
  '"a"',
  'true',
  'false',
  'null',
  '[1, 2]',
  '{1, 2}',
  '{"a": 1}',
);
const variable = fc.constantFrom('x', 'y');
const single = fc.constantFrom(
  'input.Severity',
  'input.absent',
  'input.numbers',
  'input.CweIDs[0]',
  'x',
  'y',
  'one',
  'maybe',
  '2',
  '"a"',
  'words',
);

const { term } = fc.letrec<{ term: string; call: string }>((tie) => ({
  term: fc.oneof({ maxDepth: 3, depthSize: 'small' }, reference, constant, variable, tie('call')),
  call: fc.oneof(
    fc.tuple(fc.constantFrom('+', '-', '*', '%'), tie('term'), tie('term')).map(([o, a, b]) => `(${a} ${o} ${b})`),
    fc.tuple(fc.constantFrom('|', '&'), tie('term'), tie('term')).map(([o, a, b]) => `(${a} ${o} ${b})`),
    fc
      .tuple(fc.constantFrom('count', 'lower', 'sum', 'max', 'type_name', 'to_number', 'twice', 'sort'), tie('term'))
      .map(([f, a]) => `${f}(${a})`),
    fc
      .tuple(fc.constantFrom('startswith', 'contains', 'array.concat', 'split'), tie('term'), tie('term'))
      .map(([f, a, b]) => `${f}(${a}, ${b})`),
    fc.tuple(tie('term'), tie('term')).map(([a, b]) => `[${a}, ${b}]`),
    fc.tuple(tie('term'), tie('term')).map(([a, b]) => `{"k": ${a}, "l": ${b}}`),
    fc.tuple(tie('term'), reference).map(([a, b]) => `[${a} | z := ${b}; z != 1]`),
    fc.tuple(variable, reference).map(([a, b]) => `{${a} | ${a} = ${b}}`),
    fc.tuple(tie('term'), reference).map(([a, b]) => `{k: ${a} | ${b}[k]}`),
  ),
}));

const comparison = fc
  .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), term, term)
  .map(([operator, a, b]) => `${a} ${operator} ${b}`);
const unification = fc.tuple(fc.oneof(variable, fc.constantFrom('[x, y]', '{"nvd": x, "ghsa": _}', '[x, _, 2]')), term);

const negated = fc.oneof(
  single,
  fc.tuple(fc.constantFrom('==', '!=', '<'), single, single).map(([operator, a, b]) => `${a} ${operator} ${b}`),
  fc.tuple(fc.constantFrom('count', 'lower', 'to_number', 'twice'), single).map(([f, a]) => `${f}(${a}) == 2`),
  fc.tuple(single, single).map(([a, b]) => `contains(${a}, ${b})`),
  fc.tuple(single, single).map(([a, b]) => `[${a}, 1] == [${b}, 1]`),
  single.map((a) => `input.VendorSeverity[${a}] == 3`),
);

const statement = fc.oneof(
  comparison,
  term,
  unification.map(([pattern, value]) => `${pattern} = ${value}`),
  fc.tuple(variable, term).map(([x, value]) => `${x} = ${value}`),
  negated.map((one) => `not ${one}`),
  fc.tuple(term, reference).map(([a, b]) => `${a} in ${b}`),
  fc.tuple(reference, comparison).map(([domain, body]) => `every v in ${domain} { ${body}; v != 7 }`),
  reference.map((domain) => `some z in ${domain}`),
);

const binding = fc.constantFrom(
  'input.numbers[_]',
  'input.CweIDs[_]',
  'input.Severity',
  'one',
  'input.VendorSeverity',
  'input.numbers',
);
const body = fc
  .tuple(binding, binding, fc.array(statement, { minLength: 1, maxLength: 4 }))
  .map(([x, y, all]) => [...all, `x = ${x}`, `y = ${y}`].join('\n  '));

export const randomPolicy = fc.tuple(fc.array(body, { minLength: 1, maxLength: 3 }), body).map(
  ([ignores, maybe]) => `package trivy
import future.keywords.in
import future.keywords.every
words := {"LOW", "a", "CWE-79"}
table[k] = v { v := {"a": 1, "b": "LOW"}[k] }
one = 1
twice(n) = n * 2
maybe {
  ${maybe.replaceAll('maybe', 'one')}
}
${ignores.map((one) => `ignore {\n  ${one}\n}`).join('\n')}
`,
);
