/** A structural check of the page by an XML-strict reader of its tags: all closed, none that names brought in. */
import assert from 'node:assert/strict';

const elements = new Set(
  `html head meta link title style body header h1 h2 dl div dt dd main button b strong ul li table thead tbody tr th td
  span a br input select option label script footer details summary`.split(/\s+/),
);
const empty = new Set(['meta', 'link', 'br', 'input']);
const tag = /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>/y;

export function assertPage(text: string): void {
  const open: string[] = [];
  let at = '<!doctype html>'.length;
  for (;;) {
    const next = text.indexOf('<', at);
    assert.doesNotMatch(text.slice(at, next < 0 ? undefined : next), />/);
    if (next < 0) break;
    tag.lastIndex = next;
    const [all, slash, name = '', attributes = ''] = tag.exec(text) ?? assert.fail(text.slice(next, next + 80));
    assert.ok(elements.has(name), name);
    assert.doesNotMatch(attributes, / (?:on[a-z]+|style|src)=| href="(?!https?:|ftp:|data:,")/);
    at = next + all.length;
    if (slash) assert.equal(open.pop(), name);
    else if (!empty.has(name)) open.push(name);
    if (!slash && (name === 'script' || name === 'style')) at = endOfRaw(text, name, at, attributes);
  }
  assert.deepEqual(open, []);
  assert.equal(text.match(/<script\b/g)?.length, text.includes('id="details"') ? 2 : 1);
}

function endOfRaw(text: string, name: string, at: number, attributes: string): number {
  const end = text.indexOf(`</${name}`, at);
  if (attributes.includes('json')) JSON.parse(text.slice(at, end));
  return end;
}
