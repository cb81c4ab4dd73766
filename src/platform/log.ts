/**
 * The program's log: one line per event on standard error, secrets taken out, control characters made visible.
 * Shape: `2026-01-31T12:00:00Z<TAB>LEVEL<TAB>message<TAB>key=value …`, as the reference writes it.
 * NO_COLOR: https://no-color.org/
 */
import { oneLine, redact } from '#base';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogDetails = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  debug(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
  /** Whether `debug` writes anything, for callers whose details are costly. */
  readonly debugging: boolean;
}

export interface LogOptions {
  /** Only errors are written. */
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly color?: boolean;
  readonly now: () => Date;
  readonly write: (line: string) => void;
}

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const colors: Readonly<Record<LogLevel, number>> = { debug: 35, info: 34, warn: 33, error: 31 };

export function createLog(options: LogOptions): Log {
  const lowest = options.quiet ? 'error' : options.debug ? 'debug' : 'info';
  const at =
    (level: LogLevel) =>
    (message: string, details: LogDetails = {}): void => {
      if (order.indexOf(level) >= order.indexOf(lowest)) options.write(line(level, message, details, options));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    debugging: lowest === 'debug',
  };
}

function line(level: LogLevel, message: string, details: LogDetails, options: LogOptions): string {
  const time = options
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  const name = level.toUpperCase();
  const shown = options.color ? `\u001b[${colors[level]}m${name}\u001b[0m` : name;
  const fields = [oneLine(redact(message))];
  for (const [key, value] of Object.entries(details)) {
    if (value !== undefined) fields.push(`${key}=${quote(oneLine(redact(String(value))))}`);
  }
  const [first, ...rest] = fields;
  return `${time}\t${shown}\t${first}${rest.length > 0 ? `\t${rest.join(' ')}` : ''}\n`;
}

const quote = (text: string): string => (/^[^\s"=]+$/.test(text) ? text : JSON.stringify(text));
