/** Of a file that is cut off, or damaged within. */
export function isReadError(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return /^Z_|^ERR_|^E[A-Z]+$|^COMPRESSION$/.test(code);
}
