import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { encodePurl } from './purl.js';
import { decodeVex, type VexDocument } from './vex.js';

const openVex = `{
  "@context": "https://openvex.dev/ns/v0.2.0",
  "timestamp": "2025-03-01T00:00:00Z",
  "statements": [
    {
      "vulnerability": { "name": "CVE-2099-1", "aliases": ["GHSA-aaaa-bbbb-cccc"] },
      "products": [{ "@id": "pkg:oci/app", "subcomponents": [{ "@id": "pkg:npm/left@1" }] }],
      "status": "not_affected",
      "justification": "component_not_present"
    },
    {
      "vulnerability": { "name": "CVE-2099-1" },
      "timestamp": "2025-02-01T00:00:00Z",
      "products": [{ "@id": "urn:x", "identifiers": { "purl": "pkg:npm/left" }, "hashes": { "sha-256": "ab" } }],
      "status": "affected"
    }
  ]
}`;

const csaf = `{
  "document": { "category": "csaf_vex" },
  "product_tree": {
    "branches": [
      { "branches": [
        { "product": { "product_id": "A", "product_identification_helper": { "purl": "pkg:rpm/x/a@1" } } }
      ] }
    ],
    "full_product_names": [
      { "product_id": "B", "product_identification_helper": { "purls": ["pkg:oci/b", "pkg:oci/c"] } }
    ],
    "relationships": [
      {
        "category": "default_component_of",
        "full_product_name": { "product_id": "A:B" },
        "product_reference": "A",
        "relates_to_product_reference": "B"
      }
    ]
  },
  "vulnerabilities": [
    {
      "cve": "CVE-2099-2",
      "ids": [{ "system_name": "s", "text": "S-1" }],
      "product_status": { "fixed": ["A"], "known_not_affected": ["A:B"] },
      "threats": [{ "category": "impact", "details": "not built in" }]
    }
  ]
}`;

const cycloneDx = `{
  "bomFormat": "CycloneDX",
  "vulnerabilities": [
    {
      "id": "CVE-2099-3",
      "analysis": { "state": "false_positive", "detail": "no" },
      "affects": [{ "ref": "urn:cdx:3E671687-395b-41f5-a30f-a58921a69b79/2#left" }]
    },
    { "id": "CVE-2099-4" }
  ]
}`;

function decodeAs<K extends VexDocument['kind']>(kind: K, text: string): Extract<VexDocument, { kind: K }> {
  const document = decodeVex(text);
  assert.equal(document.kind, kind);
  return document as Extract<VexDocument, { kind: K }>;
}

test('OpenVEX statements are in the order of their times', () => {
  const { statements, problems } = decodeAs('openvex', openVex);
  assert.deepEqual(problems, []);
  const [older, newer] = statements;
  assert.equal(older?.status, 'affected');
  assert.deepEqual(older?.products[0]?.names, ['urn:x', 'pkg:npm/left', 'ab']);
  assert.deepEqual(older?.products[0]?.purls.map(encodePurl), ['pkg:npm/left']);
  assert.deepEqual(newer?.vulnerabilities, ['CVE-2099-1', 'GHSA-aaaa-bbbb-cccc']);
  assert.equal(newer?.justification, 'component_not_present');
  assert.deepEqual(newer?.products[0]?.subcomponents[0]?.names, ['pkg:npm/left@1']);
});

test('OpenVEX of older versions has plain texts', () => {
  const { statements } = decodeAs(
    'openvex',
    `{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "CVE-2099-1",
      "products": ["pkg:oci/app"], "subcomponents": ["pkg:npm/left"], "status": "fixed"}]}`,
  );
  assert.deepEqual(statements[0]?.vulnerabilities, ['CVE-2099-1']);
  assert.deepEqual(statements[0]?.products[0]?.names, ['pkg:oci/app']);
  assert.deepEqual(statements[0]?.products[0]?.subcomponents[0]?.names, ['pkg:npm/left']);
});

test('CSAF products are found in branches, lists and relationships', () => {
  const { purls, relationships, vulnerabilities, problems } = decodeAs('csaf', csaf);
  assert.deepEqual(problems, []);
  assert.deepEqual(purls.get('A')?.map(encodePurl), ['pkg:rpm/x/a@1']);
  assert.deepEqual(purls.get('B')?.map(encodePurl), ['pkg:oci/b', 'pkg:oci/c']);
  assert.deepEqual(relationships.get('A:B'), [{ category: 'default_component_of', product: 'A', within: 'B' }]);
  assert.deepEqual(vulnerabilities, [
    { ids: ['CVE-2099-2', 'S-1'], fixed: ['A'], notAffected: ['A:B'], impact: 'not built in' },
  ]);
});

test('CycloneDX analyses name components by BOM-Link', () => {
  const { analyses } = decodeAs('cyclonedx', cycloneDx);
  const link = { serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79', version: 2, reference: 'left' };
  assert.deepEqual(analyses, [{ id: 'CVE-2099-3', status: 'not_affected', detail: 'no', affects: [link] }]);
});

test('what cannot be understood is left out, with its line and field', () => {
  const cases: readonly (readonly [string, string, string, number, string])[] = [
    [openVex, '"not_affected"', '"harmless"', 8, 'statements[0].status'],
    [openVex, '"2025-02-01T00:00:00Z"', '"soon"', 13, 'statements[1].timestamp'],
    [openVex, '"pkg:npm/left@1"', '"pkg:/"', 7, 'statements[0].products[0].subcomponents[0].@id'],
    [csaf, '"pkg:oci/c"', '"oci/c"', 10, 'product_tree.full_product_names[0].product_identification_helper.purls[1]'],
    [csaf, '"product_reference": "A",', '', 13, 'product_tree.relationships[0]'],
    [cycloneDx, '"false_positive"', '"harmless"', 6, 'vulnerabilities[0].analysis.state'],
    [cycloneDx, '"urn:cdx', '"urn:x', 7, 'vulnerabilities[0].affects[0].ref'],
  ];
  for (const [text, from, to, line, field] of cases) {
    const { problems } = decodeVex(text.replace(from, to));
    assert.deepEqual(
      problems.map((p) => [p.line, p.field]),
      [[line, field]],
    );
  }
});

test('a document of another shape is an error with line and field', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['[]', /JSON object/],
    ['{', /not JSON: .*line 1/],
    ['{"a": 1}', /neither OpenVEX/],
    [
      '{"@context": "x",\n"statements": [{\n"vulnerability": "CVE-1",\n\n"status": 7}]}',
      /line 5: statements\[0\]\.status is a number/,
    ],
    ['{"@context": 1}', /line 1: @context is a number where a text is expected/],
    ['{"@context": "x",\n"statements": [\n7]}', /line 3: statements\[0\] is a number where an object/],
    ['{"@context": "x",\n"statements": {}}', /line 2: statements is an object where a list/],
    [
      '{"document": {},\n"vulnerabilities": [{"product_status": {"fixed": "A"}}]}',
      /vulnerabilities\[0\]\.product_status\.fixed is a text/,
    ],
    ['{"bomFormat": "CycloneDX", "vulnerabilities": [{"id": 1}]}', /vulnerabilities\[0\]\.id is a number/],
  ];
  for (const [text, message] of cases) assert.throws(() => decodeVex(text), { name: 'FormatError', message });
});

test('branches may not nest without end', () => {
  const branches = '{"branches":['.repeat(200) + ']}'.repeat(200);
  assert.throws(() => decodeVex(`{"document":{},"product_tree":${branches}}`), /deeper than 100/);
});

test('damaged documents throw nothing but FormatError', () => {
  const damaged = fc
    .constantFrom(openVex, csaf, cycloneDx)
    .chain((text) =>
      fc.tuple(
        fc.constant(text),
        fc.nat(text.length),
        fc.nat(12),
        fc.constantFrom('', '[', '{}', '1', '"', 'null', '\u0000'),
      ),
    );
  fc.assert(
    fc.property(damaged, ([text, at, length, inserted]) => {
      for (const mutant of [text.slice(0, at), text.slice(0, at) + inserted + text.slice(at + length)]) {
        try {
          decodeVex(mutant);
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('values of any type in any place throw nothing but FormatError', () => {
  const keys = [
    '@context',
    'statements',
    'vulnerability',
    'products',
    'status',
    'document',
    'vulnerabilities',
    'bomFormat',
    'analysis',
    'affects',
    'product_tree',
    'branches',
    'product',
    'relationships',
    '__proto__',
  ];
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('CycloneDX', 'pkg:npm/x', 'fixed', ''),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 5 }),
    ),
  })).node;
  fc.assert(
    fc.property(value, (document) => {
      try {
        decodeVex(JSON.stringify(document));
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
