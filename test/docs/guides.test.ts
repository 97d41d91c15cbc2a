import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Project } from '../cli/project';
import { blocksOf, documents, ROOT } from './blocks';

/** Guides whose commands need nothing but files. */
const GUIDES = documents().filter((document) => /^docs\/guides\/answer-/.test(document));

test.each(GUIDES)(
  'the commands of %s, in the order in which they stand there, print what stands there',
  (guide) => {
    const project = new Project();
    try {
      const blocks = blocksOf(guide);
      for (const { meta, text } of blocks) {
        const [, file] = /^file=(\S+)$/.exec(meta) ?? [];
        if (file !== undefined) project.write(file, text);
      }
      project.write(
        'bin/falco-egress',
        `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist/falco-egress.js')}' "$@"\n`,
      );
      chmodSync(join(project.folder, 'bin/falco-egress'), 0o755);
      const PATH = `${join(project.folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
      const commands = blocks.filter(({ language, meta }) => language === 'sh' && meta === '');
      const outputs = blocks.filter(({ language }) => language === 'text');
      expect(commands.length).toBeGreaterThan(2);
      expect(outputs).toHaveLength(commands.length);
      for (const [index, { text }] of commands.entries()) {
        const { code, out } = project.execute('sh', ['-c', text], { PATH });
        expect([code, out]).toEqual([0, outputs[index]?.text]);
      }
    } finally {
      project.remove();
    }
  },
);
