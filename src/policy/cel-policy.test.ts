import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { compileCel } from './cel-policy.js';
import { cvssMetrics } from './cvss-metrics.js';

const finding = {
  target: 'app/package-lock.json',
  class: 'lang-pkgs',
  input: {
    Type: 'vulnerability',
    VulnerabilityID: 'CVE-2099-1',
    Severity: 'LOW',
    VendorSeverity: { nvd: 3 },
    CVSS: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', V3Score: 7.5 } },
    CweIDs: ['CWE-79'],
  },
};

test('expressions decide by the finding, its target and its CVSS metrics', async () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['input.Severity == "LOW"', true],
    ['// a remark\ninput.Severity in ["HIGH", "CRITICAL"]', false],
    ['"CWE-79" in input.CweIDs && input.CVSS.nvd.V3Score < 8', true],
    ['cvss(input.CVSS.nvd.V3Vector).AttackVector == "Network"', true],
    ['target.startsWith("app/") && class == "lang-pkgs" && input.VendorSeverity.nvd == 3', true],
    ['has(input.FixedVersion)', false],
    ['input.Nothing == "x" || input.Type == "vulnerability"', true],
  ];
  for (const [text, ignored] of cases) assert.deepEqual((await compileCel(text))(finding), { ignored }, text);
});

test('a finding without the field asked for stays', async () => {
  const program = await compileCel('input.Missing.Deep == "x"');
  assert.deepEqual(program(finding), { ignored: false, unknown: 'No such key: Missing' });
});

test('mistakes name line and column', async () => {
  await assert.rejects(compileCel('true &&\n  input.A =='), { name: 'FormatError', message: /^line 2, column \d+: / });
  await assert.rejects(compileCel('1 + 1'), /gives int, not true or false/);
  await assert.rejects(compileCel('other.A == 1'), /line 1, column 1: Unknown variable/);
  const program = await compileCel('input.Severity < 7');
  assert.throws(() => program(finding), { name: 'FormatError', message: /^line 1/ });
});

test('any text compiles or is a FormatError; no finding makes it throw anything else', async () => {
  const text = fc
    .array(
      fc.constantFrom(
        'input',
        '.A',
        '.A.B',
        '["x"]',
        ' == ',
        '"y"',
        '1',
        ' && ',
        '!',
        '(',
        ')',
        'has(',
        '[',
        ']',
        ' in ',
        '?',
        ':',
        '\n',
        '.size()',
      ),
      { maxLength: 9 },
    )
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.dictionary(fc.constantFrom('A', 'B', '__proto__'), fc.jsonValue()),
      async (source, input) => {
        try {
          (await compileCel(source))({ ...finding, input });
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('metrics of a vector by name', () => {
  assert.deepEqual(
    [...cvssMetrics('CVSS:3.0/AV:P/AC:H/XX:Y/S:C/C:toString')],
    [
      ['AttackVector', 'Physical'],
      ['AttackComplexity', 'High'],
      ['Scope', 'Changed'],
    ],
  );
});
