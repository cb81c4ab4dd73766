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

/**
 * Lines for the log of a job, where runners take `::name::` at the start of a line, and `##[name]` and `##vso[name]`
 * anywhere, for commands.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands ·
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export const withoutCommands = (lines: string): string =>
  lines.replace(/^([^\S\n]*)::/gm, '$1\\::').replace(/##(?=(?:vso)?\[)/gi, '#\\#');

/** Prose of an advisory: its lines stay, control characters go. */
export const prose = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
