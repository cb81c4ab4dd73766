import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { childrenOf, parseXml } from './xml.js';

test('elements, attributes, text and lines', async () => {
  const root = await parseXml(
    '\uFEFF<?xml version="1.0"?>\n<m:project xmlns:m="urn:x">\n  <dep a="1&lt;2"\n    b="">x<!-- no -->&amp;<![CDATA[<y>]]></dep>\n  <dep/>\n</m:project>\n',
  );
  assert.equal(root.name, 'project');
  assert.deepEqual(root.lines, { start: 2, end: 6 });
  const [first, second] = childrenOf(root, 'dep');
  assert.deepEqual({ ...first!.attributes }, { a: '1<2', b: '' });
  assert.equal(first!.text, 'x&<y>');
  assert.deepEqual(first!.lines, { start: 4, end: 4 });
  assert.deepEqual(second!.lines, { start: 5, end: 5 });
  assert.deepEqual(childrenOf(root, 'none'), []);
});

test('refuses what is not well-formed', async () => {
  for (const text of ['', ' ', '<a>', '<a></b>', '<a>&x;</a>', '<a b=1/>', '<a/><b/>', 'text', '<a b="1" b="2"/>']) {
    await assert.rejects(parseXml(text), FormatError, text);
  }
});

test('declared entities do not exist', async () => {
  const bomb = '<!DOCTYPE a [<!ENTITY x "1"><!ENTITY y "&x;&x;"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
  await assert.rejects(parseXml(`${bomb}<a>&y;</a>`), FormatError);
  await assert.rejects(parseXml(`${bomb}<a>&f;</a>`), FormatError);
  assert.equal((await parseXml(`${bomb}<a>1</a>`)).text, '1');
});

test('hostile documents stay data and shallow', async () => {
  await assert.rejects(parseXml('<a>'.repeat(300)), /deeper than 256/);
  const root = await parseXml('<a __proto__="x" constructor="y"/>');
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
  assert.equal(root.attributes['constructor'], 'y');
  assert.equal(root.attributes['toString'], undefined);
});

test('mutated documents parse or are refused', async () => {
  const text = '<p a="1">\n<d b=\'2\'>t&gt;</d><!-- c --><![CDATA[x]]></p>';
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length - 1),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      async (at, char) => {
        await parseXml(text.slice(0, at) + char + text.slice(at + 1)).catch((error: unknown) =>
          assert.ok(error instanceof FormatError),
        );
      },
    ),
  );
});
