import { buildSync } from 'esbuild';
import type { GeneratedFile } from './falco-generated';

const ENTRY = 'lib/report/browser/main.ts';

/** The script of the report's page, as one text: the command line that writes pages has no bundler at hand. */
export function generateBrowserScript(root: string): GeneratedFile {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'error',
  });
  const script = outputFiles[0]?.text.trim() ?? '';
  // It stands in an element of a page.
  if (/<\/script|<!--/i.test(script)) throw new Error(`${ENTRY} holds what ends a script`);
  return {
    path: 'lib/report/generated/browser-script.ts',
    text: [
      `/** The script of the report's page; made of ${ENTRY} by \`npm run generate\`. */`,
      `export const BROWSER_SCRIPT = ${JSON.stringify(script)};`,
      '',
    ].join('\n'),
  };
}
