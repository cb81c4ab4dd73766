/**
 * Text within XML and HTML, in elements and quoted attributes: markup is escaped, what XML 1.0 has no place for goes,
 * bidirectional controls become visible. Where a line begins as a command to the runner of a job does, a sign of it
 * is written as a reference, which readers of markup take for the same.
 * Source  https://www.w3.org/TR/xml/#charsets
 */
const special: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const markupText = (text: string): string =>
  plainText(text)
    .replace(/[&<>"']/g, (c) => special[c]!)
    .replace(/^([^\S\n]*)::/gm, '$1&#58;:')
    .replace(/##(?=(?:vso)?\[)/gi, '#&#35;');

/** Without control characters but the line feed, lone surrogates and bidirectional controls. */
export const plainText = (text: string): string =>
  text
    .replace(/\r\n?|\t/g, (c) => (c === '\t' ? ' ' : '\n'))
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/g, '\ufffd')
    .replace(/\p{Cs}/gu, '\ufffd');
