import { PratiqueError } from '#base';

/** `HOST:PORT`, `[::1]:PORT` or `:PORT`. Throws `usage/invalid`. */
export function listenAddress(text: string): { readonly port: number; readonly host?: string } {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (!found || port > 65_535) {
    throw new PratiqueError('usage/invalid', { problem: `--listen ${text}: HOST:PORT or :PORT is expected` });
  }
  const host = found[1] || found[2];
  return { port, ...(host && { host }) };
}
