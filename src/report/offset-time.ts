/** A time to the second, in UTC, with a numeric offset; `undefined` for what is no time. */
export function offsetTime(time: string | undefined): string | undefined {
  const date = new Date(time ?? '');
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 19)}+00:00`;
}
