const ESCAPE = '\u001b[';
const COLOURS = { error: '31', warning: '33' } as const;

/** Whether a stream shows colours: a terminal, unless somebody set NO_COLOR (no-color.org). */
export function takesColours({ isTTY }: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR = '', TERM } = process.env;
  return isTTY === true && NO_COLOR === '' && TERM !== 'dumb';
}

/** Findings as text, with their severities and marks in colours. */
export function inColours(text: string): string {
  return text
    .replace(/^(\S.*?:\d+:\d+) (error|warning)\b/gm, (_, place: string, severity: keyof typeof COLOURS) =>
      [`${ESCAPE}1m${place}${ESCAPE}0m`, `${ESCAPE}${COLOURS[severity]}m${severity}${ESCAPE}0m`].join(' '),
    )
    .replace(/^( +\| *)(\^+)/gm, `$1${ESCAPE}31m$2${ESCAPE}0m`);
}
