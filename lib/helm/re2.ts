/** A regular expression as templates have them. */
export function re2({ source, flags }: RegExp): string {
  if (!/^i?$/.test(flags) || /\(\?[=!<]|\\[1-9k]/.test(source))
    throw new Error(`templates know no expression such as /${source}/${flags}`);
  return `${flags === 'i' ? '(?i)' : ''}${source.replaceAll('\\/', '/')}`;
}
