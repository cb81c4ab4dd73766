/** The language, its functions, its limits; reports through templates of the usual shapes; damaged templates. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import type { Report } from '#model';
import type { FormatOptions } from '../format.js';
import { anyReport, formatOptions, sampleReport } from '../sample-report.test.kit.js';
import { assertJunit } from '../trackers.test.kit.js';
import { evaluateTemplate } from './evaluate.js';
import { parseTemplate } from './parse.js';
import { template } from './template.js';

async function render(text: string, report: Report = sampleReport, more: Partial<FormatOptions> = {}): Promise<string> {
  let written = '';
  const options = { ...formatOptions, template: { name: 'my.tpl', text }, env: { HOME: '/root' }, ...more };
  for await (const chunk of template.encode(report, options)) written += String(chunk);
  return written;
}

const language: Readonly<Record<string, string>> = {
  'a {{- " b " -}} c': 'a b c',
  'x{{/* a comment }} in it */}}y {{- /* trims */ -}} z': 'xyz',
  '{{ if eq 1 1 }}a{{ else }}b{{ end }}': 'a',
  '{{ if false }}a{{ else if "" }}b{{ else if .  }}c{{ end }}': 'c',
  '{{ with "" }}a{{ else }}b{{ end }}{{ with $x := "v" }}{{ . }}{{ $x }}{{ end }}': 'bvv',
  '{{ range $i, $e := list "a" "b" }}{{ if $i }},{{ end }}{{ $i }}={{ $e }}{{ end }}': '0=a,1=b',
  '{{ range list }}a{{ else }}none{{ end }}': 'none',
  '{{ range until 9 }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ if gt . 4 }}{{ break }}{{ end }}{{ . }}{{ end }}':
    '0134',
  '{{ $first := true }}{{ range list 1 2 3 }}{{ if $first }}{{ $first = false }}{{ else }},{{ end }}{{ . }}{{ end }}':
    '1,2,3',
  '{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" "x" }}{{ template "t" (print 1 2) }}{{ block "b" 5 }}{{ . }}{{ end }}':
    '<x><1 2>5',
  '{{ "a" | printf "%s-%s" "b" | upper }}': 'B-A',
  '{{ $m := dict "k" "v" }}{{ $m.k }}{{ index $m "k" }}{{ (index (list 7 8) 1) }}{{ $m.nothing }}': 'vv8<no value>',
  '{{ and 1 0 (fail "never") }}{{ or 0 "x" (fail "never") }}{{ not 1 }}': '0xfalse',
  '{{ eq "a" "b" "a" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ ge "b" "a" }}': 'true true true true',
  '{{ len "né" }} {{ len . }} {{ len (list 1 2) }}': '3 4 2',
  '{{ `raw "text" \\n` }}{{ "\\u00e9\\x41\\t." }}': 'raw "text" \\né\u0041\t.',
  "{{ 'a' }} {{ 0x10 }} {{ -3 }} {{ 1.50 }} {{ 1e3 }} {{ true }}": '97 16 -3 1.5 1000 true',
  '{{ printf "%5d|%-5s|%05.1f|%x|%q|%v|%t|%%|%3c" 42 "ab" 3.14159 255 "a\\"b" (list 1 "x") true 65 }}':
    '   42|ab   |003.1|ff|"a\\"b"|[1 x]|true|%|  A',
  '{{ printf "%d" "x" }}{{ printf "%s" }}{{ printf "a" 1 }}': '%!d(string=x)%!s(MISSING)a%!(EXTRA int=1)',
  '{{ slice "hello" 1 3 }}{{ html "<&>" }} {{ urlquery "a b&c" }}': 'el&lt;&amp;&gt; a+b%26c',
  '{{ range $k, $v := dict "b" 2 "a" 1 }}{{ $k }}{{ $v }}{{ end }}': 'a1b2',
  '{{- range . }}{{ range .Vulnerabilities }}{{ .VulnerabilityID }} {{ $.Missing | default "-" }}{{ end }}{{ break }}{{ end -}}':
    '!slice has no field Missing',
};

const functions: Readonly<Record<string, string>> = {
  '{{ env "HOME" }}{{ env "PATH" }}{{ expandenv "$HOME/x" }}': '/root/root/x',
  '{{ now | date "2006-01-02T15:04:05.999999999Z07:00" }} {{ now | htmlDate }} {{ now | unixEpoch }}':
    '2030-01-31T12:34:56.789Z 2030-01-31 1896093296',
  '{{ date "Mon, 02 Jan 2006 03:04 PM MST" now }}': 'Thu, 31 Jan 2030 12:34 PM UTC',
  '{{ now.Format "02/01/06" }}': '31/01/30',
  '{{ lower "A" }}{{ upper "b" }}{{ trim " c " }}{{ title "ab cd" }}{{ nospace "a b" }}': 'aBcAb Cdab',
  '{{ replace "a" "b" "aXa" }}{{ trimSuffix "X" "aX" }}{{ trimPrefix "a" "aX" }}{{ trimAll "-" "--a-b--" }}':
    'bXbaXa-b',
  '{{ default "d" "" }}{{ default "d" "x" }}{{ coalesce "" 0 "y" }}{{ ternary "t" "f" true }}{{ empty 0 }}': 'dxyttrue',
  '{{ abbrev 6 "abcdefgh" }} {{ trunc 3 "abcdef" }} {{ trunc -2 "abcdef" }} {{ substr 1 3 "abcd" }}':
    'abc... abc ef bc',
  '{{ indent 2 "a\\nb" }}|{{ nindent 1 "c" }}': '  a\n  b|\n c',
  '{{ quote "a\\"" 1 }} {{ squote "b" }} {{ cat 1 "x" }} {{ repeat 3 "ab" }}': '"a\\"" "1" \'b\' 1 x ababab',
  '{{ add 1 2 3 }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div 7 2 }} {{ mod 7 4 }} {{ max 1 9 3 }} {{ min 4 2 }} {{ round 3.14159 2 }}':
    '6 3 6 3 3 9 2 3.14',
  '{{ list 1 2 3 | first }}{{ list 1 2 3 | last }}{{ list 1 2 3 | rest }}{{ list 1 2 | reverse | join "-" }}':
    '13[2 3]2-1',
  '{{ splitList "," "a,b" | join "+" }} {{ (split "/" "x/y")._1 }} {{ has "a" (list "a") }} {{ uniq (list 1 1 2) }}':
    'a+b y true [1 2]',
  '{{ sha1sum "a" }} {{ b64enc "hi" | b64dec }}': '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8 hi',
  '{{ escapeXML "<a b=\'c\'>&\\"\\n" }} {{ escapeString "<\'>" }}':
    '&lt;a b=&#39;c&#39;&gt;&amp;&#34;&#xA; &lt;&#39;&gt;',
  '{{ endWithPeriod "a" }}{{ endWithPeriod "b." }} {{ toString 5 }} {{ toJson (dict "a" (list 1 "<")) }}':
    'a.b. 5 {"a":[1,"\\u003c"]}',
  '{{ regexMatch "^CVE-\\\\d+" "CVE-12" }} {{ regexReplaceAll "(a)b" "abab" "${1}c" }} {{ regexFind "b+" "abbc" }}':
    'true acac bb',
  '{{ contains "b" "abc" }}{{ hasPrefix "a" "abc" }}{{ hasSuffix "c" "abc" }} {{ snakecase "FooBar" }} {{ kindOf 1 }}':
    'truetruetrue foo_bar int',
};

describe('the language', () => {
  for (const [text, expected] of Object.entries({ ...language, ...functions }))
    test(text, async () => {
      if (expected.startsWith('!')) await assert.rejects(render(text), { message: `my.tpl:1: ${expected.slice(1)}` });
      else assert.equal(await render(text), expected);
    });
});

const wrong: Readonly<Record<string, string>> = {
  'a\n{{ nope 1 }}': '2: the function nope is not supported',
  '{{ uuidv4 }}': '1: the function uuidv4 is not supported',
  '{{ if true }}\n': '1: {{if}} is not closed by {{end}}',
  '{{ end }}': '1: unexpected {{end}}',
  '\n\n{{ range . }}{{ .Severty }}{{ end }}': '3: there is no field Severty',
  '{{ "a }}': '1: unexpected "\\"a }}" in an action',
  '{{ if 1 }}{{ else }}{{ else }}{{ end }}': '1: {{if}} is not closed by {{end}}',
  '{{ $x }}': '1: the variable $x is not declared',
  '{{ break }}': '1: {{break}} outside {{range}}',
  '{{ template "no" }}': '1: there is no template "no"',
  '{{ index (list 1) 5 }}': '1: index: index 5 is out of range: 1 elements',
  '{{ div 1 0 }}': '1: div: division by zero',
  '{{ lower }}': '1: lower has 0 arguments, not 1',
  '{{ repeat 99999999 "ab" }}': '1: repeat: the result is longer than 16777216 characters',
  '{{ until 9999999999 }}': '1: until: a list of more than 1000000 numbers',
  '{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}': '1: more than 100 templates inside each other',
  '{{ 1 2 }}': '1: a value that is no function has arguments',
  '{{ fail "no\\u001b" }}': '1: fail: no\\x1b',
};

test('what is wrong or not supported names the line and the construct', async () => {
  for (const [text, message] of Object.entries(wrong))
    await assert.rejects(render(text), (error) => {
      assert.ok(error instanceof PratiqueError, String(error));
      assert.equal(error.message, `my.tpl:${message}`);
      return true;
    });
});

test('without a template there is none to run', async () => {
  const options: FormatOptions = formatOptions;
  await assert.rejects(
    async () => template.encode(sampleReport, options)[Symbol.asyncIterator]().next(),
    /needs --template/,
  );
});

test('steps and output are bounded', () => {
  const endless = parseTemplate('{{ range until 1000 }}{{ range until 1000 }}{{ . }}{{ end }}{{ end }}');
  const until = { until: { least: 1, most: 1, call: () => Array.from({ length: 1000 }, (_, i) => i) } };
  const run = (limits: { steps: number; output: number }): number =>
    [...evaluateTemplate(endless, until, [], limits)].length;
  assert.throws(() => run({ steps: 10_000, output: 1e9 }), /more than 10000 steps/);
  assert.throws(() => run({ steps: 1e9, output: 10_000 }), /more than 10000 characters of output/);
});

const junitTemplate = `<?xml version="1.0" ?>
<testsuites>
{{- range . -}}
{{- $failures := len .Vulnerabilities }}
  <testsuite tests="{{ $failures }}" failures="{{ $failures }}" name="{{ .Target | escapeXML }}" time="0">
  {{- if not (eq .Type "") }}
    <properties><property name="type" value="{{ .Type | escapeXML }}"></property></properties>
  {{- end -}}
  {{ range .Vulnerabilities }}
    <testcase classname="{{ .PkgName | escapeXML }}-{{ .InstalledVersion | escapeXML }}" name="[{{ .Vulnerability.Severity }}] {{ .VulnerabilityID }}">
      <failure message="{{ .Title | escapeXML }}" type="description">{{ .Description | escapeXML }}</failure>
    </testcase>
  {{- end }}
  </testsuite>
{{- end }}
</testsuites>
`;

const jsonTemplate = `{"findings": [
{{- $first := true }}
{{- range . }}{{ $target := .Target }}{{ $type := .Type }}
{{- range .Vulnerabilities -}}
{{- if $first }}{{ $first = false }}{{ else }},{{ end }}
{"id": {{ .VulnerabilityID | printf "%q" }}, "target": {{ printf "%q" $target }}, "name": {{ .PkgName | quote }},
 "severity": {{ if eq .Severity "UNKNOWN" }}"Unknown"{{ else if eq .Severity "LOW" }}"Low"{{ else }}"High"{{ end }},
 "description": {{ .Description | trunc 100 | printf "%q" }}, "score": {{ (index .CVSS (sourceID "nvd")).V3Score | default 0 }},
 "links": [{{ range $i, $ref := .References }}{{ if $i }}, {{ end }}"{{ $ref | urlquery }}"{{ end }}],
 "fingerprint": "{{ list .VulnerabilityID .PkgName .InstalledVersion $target | join "" | sha1sum }}",
 "published": "{{ .PublishedDate }}", "layer": "{{ .Layer.DiffID }}", "purl": {{ toJson .PkgIdentifier.PURL }}, "tail": {{ toJson $type }}}
{{- end }}{{ end }}
]}`;

test('any report stays valid through templates that escape what they write', async () => {
  await fc.assert(
    fc.asyncProperty(anyReport, async (report) => {
      assertJunit(await render(junitTemplate, report));
      JSON.parse(await render(jsonTemplate, report));
    }),
    { numRuns: 100 },
  );
  const { findings } = JSON.parse(await render(jsonTemplate)) as { findings: Record<string, unknown>[] };
  assert.deepEqual(findings.length, 3);
  assert.equal(findings[0]!['score'], 9.8);
});

test('damaged templates throw nothing but errors that name their line', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(junitTemplate, jsonTemplate, ...Object.keys(language)),
      fc.nat(),
      fc.nat({ max: 20 }),
      fc.constantFrom('', '{{', '}}', '(', '"', '|', '.', '$', '{{ end }}', '{{- '),
      async (text, at, length, insert) => {
        const from = at % (text.length + 1);
        try {
          await render(text.slice(0, from) + insert + text.slice(from + length));
        } catch (error) {
          assert.ok(error instanceof PratiqueError, String((error as Error).stack));
          assert.match(error.message, /^my\.tpl:\d+: /);
        }
      },
    ),
    { numRuns: 300 },
  );
});
