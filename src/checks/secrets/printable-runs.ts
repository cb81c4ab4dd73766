/**
 * The texts inside a binary file: runs of more than four printable ASCII characters, one a line.
 * The reference does this for compiled Python files only.
 */
export function printableRuns(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + 1);
  let length = 0;
  let start = 0;
  for (let i = 0; i <= bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= 0x20 && byte < 0x7f) continue;
    if (i - start > 4) {
      out.set(bytes.subarray(start, i), length);
      length += i - start;
      out[length++] = 0x0a;
    }
    start = i + 1;
  }
  return out.subarray(0, length);
}
