/**
 * Text of a target within text that programs interpret. A name is one line without control characters; it makes no
 * link, ends no table cell and begins no tag.
 */
import { oneLine } from '#base';

/** Within a SARIF message, where `[text](target)` is a link. */
export const unlinked = (text: string): string => oneLine(text).replaceAll('](', ']\\(');

/** Within a cell of a Markdown table. */
export const markdownCell = (text: string): string =>
  oneLine(text)
    .replace(/[\\|`]/g, '\\$&')
    .replaceAll('](', ']\\(')
    .replace(/<(?=[a-z/!?])/gi, '&lt;');

/** Prose of an advisory: its lines stay, control characters go. */
export const prose = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
