import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Project, SYNTH_PROGRAMS } from './project';

const REPOSITORY = join(__dirname, '../..');

function project(): Project {
  const made = new Project();
  cpSync(join(REPOSITORY, 'environments'), join(made.folder, 'environments'), { recursive: true });
  return made;
}

test('the same settings give the same bytes: twice, elsewhere, in another time zone and language', () => {
  const [here, elsewhere] = [project(), project()];
  try {
    const [[, ...cli] = [''], [, ...main] = ['']] = SYNTH_PROGRAMS;
    expect(here.node(cli).code).toBe(0);
    const first = here.files('manifests');
    expect(here.node(cli).code).toBe(0);
    expect(here.files('manifests')).toEqual(first);

    const env = {
      TZ: 'Pacific/Kiritimati',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      HOME: '/nonexistent',
    };
    const files = Object.keys(elsewhere.files('environments')).filter((name) => name.endsWith('.yaml'));
    const settings = files.reverse().flatMap((name) => ['--settings', join('environments', name)]);
    expect(elsewhere.node([...main, ...settings], env).code).toBe(0);
    expect(elsewhere.files('manifests')).toEqual(first);
  } finally {
    here.remove();
    elsewhere.remove();
  }
});
