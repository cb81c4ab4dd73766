/**
 * The parts of a Debian version: `[epoch:]upstream[-revision]`.
 * Source  https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
import { scheme } from '#versions';

const debVersions = scheme('deb');

export interface DebVersion {
  readonly epoch: number;
  readonly version: string;
  readonly release: string;
}

/** Undefined when the text is no Debian version. */
export function splitDebVersion(text: string): DebVersion | undefined {
  if (!debVersions.valid(text)) return undefined;
  const whole = text.trim();
  const start = whole.indexOf(':') + 1;
  const dash = whole.lastIndexOf('-');
  const end = dash < start ? whole.length : dash;
  return {
    epoch: start === 0 ? 0 : Number(whole.slice(0, start - 1)),
    version: whole.slice(start, end),
    release: whole.slice(end + 1),
  };
}
