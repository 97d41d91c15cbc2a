import { Project } from '../cli/project';
import { blocksOf } from './blocks';

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

/** The date depends on the day. */
function withoutDates(text: string): string {
  return text.replace(/expires: [-\d]+/g, 'expires: DATE').trimEnd();
}

test('the commands of docs/tuning.md print what stands there', () => {
  const blocks = blocksOf('docs/tuning.md');
  for (const { meta, text } of blocks) {
    const [, file] = /^file=(\S+)$/.exec(meta) ?? [];
    if (file !== undefined) project.write(file, text);
  }
  const outputs = blocks.filter(({ language }) => language === 'text').map(({ text }) => text);
  const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text.trim());
  expect(commands).toHaveLength(outputs.length);
  commands.forEach((command, index) => {
    const [name, ...args] = command.split(' ');
    expect(name).toBe('falco-egress');
    const { code, out, error } = project.run(...args);
    expect([error, code]).toEqual(['', command.includes('--replay') ? 1 : 0]);
    expect(withoutDates(out)).toBe(withoutDates(outputs[index] ?? ''));
    // What the first prints is the file that the next one reads.
    project.write('tuned.yaml', out);
  });
});
