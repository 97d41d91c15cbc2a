import { Project, SMALL, SYNTH_PROGRAMS } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
  project.write('environments/prod.yaml', `cluster: prod\n${SMALL}`);
});

afterEach(() => {
  project.remove();
});

describe.each(SYNTH_PROGRAMS)('%s', (_name, ...program) => {
  test('--check is 1 where something is missing, stale or left over, writes nothing, and 0 where all is right', () => {
    const missing = project.node([...program, '--check']);
    expect([missing.code, missing.out]).toEqual([1, '']);
    expect(missing.error).toContain('manifests/prod/00-namespaces.yaml is missing\n');
    expect(missing.error).toContain('Run it without --check, and commit manifests.\n');
    expect(Object.keys(project.files('.'))).toEqual(['environments/prod.yaml']);

    expect(project.node(program)).toMatchObject({ code: 0, error: '' });
    expect(project.node([...program, '--check'])).toEqual({ code: 0, out: '', error: '' });
    expect(project.node([...program, '--check', '--json'])).toEqual({
      code: 0,
      out: '{"stale":[],"warnings":[]}\n',
      error: '',
    });

    project.write('manifests/prod/images.txt', 'edited by hand\n');
    project.write('manifests/prod/old.yaml', '');
    const stale = project.node([...program, '--check', '--json']);
    expect([stale.code, stale.error]).toEqual([1, '']);
    expect(JSON.parse(stale.out)).toEqual({
      stale: ['prod/images.txt is stale', 'prod/old.yaml is not synthesized any more'],
      warnings: [],
    });
  });

  test('an environment that is gone takes its folder along; what is not ours stays', () => {
    project.write('environments/qa.yaml', `cluster: qa\n${SMALL}`);
    expect(project.node(program).code).toBe(0);
    project.write('manifests/README.md', 'by hand');
    project.write('manifests/by-hand/x.yaml', '');
    project.write('environments/qa.yaml', `cluster: qa2\n${SMALL}`);
    expect(project.node([...program, 'prod', '--check']).code).toBe(0);
    expect(project.node([...program, '--check']).code).toBe(1);
    project.execute('rm', ['environments/qa.yaml']);
    expect(project.node(program).code).toBe(0);
    const folders = new Set(Object.keys(project.files('manifests')).map((path) => path.split('/')[0]));
    expect([...folders].sort()).toEqual(['README.md', 'by-hand', 'prod']);
  });

  test('a folder with anything else in it is not replaced', () => {
    project.write('out/prod/main.ts', 'mine');
    const { code, error } = project.node([...program, '--out', 'out']);
    expect(code).toBe(2);
    expect(error).toContain('out/prod holds something else than manifests');
    expect(project.files('out')).toEqual({ 'prod/main.ts': 'mine' });
  });
});

test('what was written is told', () => {
  const { code, out } = project.run('synth', '--json');
  expect(code).toBe(0);
  const { written } = JSON.parse(out) as {
    written: { environment: string; folder: string; files: string[] }[];
  };
  expect(written).toEqual([
    { environment: 'prod', folder: 'manifests/prod', files: expect.any(Array) as string[] },
  ]);
  expect(written[0]?.files.toSorted()).toEqual(Object.keys(project.files('manifests/prod')));
});
