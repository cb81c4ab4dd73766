/**
 * Text within one line of Markdown, in a table or a heading. Every character that Markdown or GitHub gives a meaning
 * (tags, links, mentions, formulas, emoji, commands of workflows) is a numeric reference, which never has one.
 * Source  https://github.github.com/gfm/#entity-and-numeric-character-references
 */
import { oneLine } from '#base';
import { plainText } from './markup-text.js';

export const markdownText = (text: string): string =>
  plainText(oneLine(text))
    .replace(/[\\`*_{}[\]<>#!|~@&$:"'=]/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/(?<=www)\./gi, '&#46;');
