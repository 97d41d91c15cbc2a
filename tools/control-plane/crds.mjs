#!/usr/bin/env node
/**
 * Fetches CustomResourceDefinitions that other projects publish inside their Go modules. They are not ours, so
 * they are kept in the cache and never committed.
 *
 *     node tools/control-plane/crds.mjs [NAME…]        names: the keys of crds.json
 *
 * stdout: one JSON object, name to folder of YAML files. crds.json pins each module by version and by the hash
 * of its content (what go.sum holds); a go.mod can't, as it has no room for two versions of one module.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { checkGo, goEnvironment } from './go.mjs';

const SOURCES = JSON.parse(readFileSync(join(import.meta.dirname, 'crds.json'), 'utf8'));

async function fetchCrds(name) {
  const source = SOURCES[name];
  if (source === undefined) {
    throw new Error(`no CRDs named '${name}'; crds.json has ${Object.keys(SOURCES).join(', ')}`);
  }
  const key = createHash('sha256').update(JSON.stringify(source)).digest('hex').slice(0, 20);
  const home = join(cacheFolder(), 'crds', `${name}-${key}`);
  if (existsSync(home)) return home;

  const module = download(source);
  await mkdir(join(cacheFolder(), 'crds'), { recursive: true });
  const unfinished = await mkdtemp(`${home}.unfinished-`);
  try {
    await copyCrds(join(module, source.folder), source.files ?? '.yaml', unfinished);
    await rename(unfinished, home);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

/** Downloads the module, checks its hash against ours, and returns its folder in Go's module cache. */
function download({ module, version, sum }) {
  // Outside any module, so that only the version asked for counts.
  const cwd = tmpdir();
  checkGo(cwd);
  const wanted = `${module}@${version}`;
  console.error(`control plane: fetching ${wanted} …`);
  const { stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', wanted], {
    cwd,
    env: { ...goEnvironment(), GOFLAGS: '-mod=mod' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const answer = stdout.trim() === '' ? { Error: stderr.trim() } : JSON.parse(stdout);
  if (answer.Error !== undefined) throw new Error(`${wanted} can't be had: ${answer.Error}`);
  if (answer.Sum !== sum) throw new Error(`${wanted} has the hash ${answer.Sum}, but crds.json has ${sum}`);
  return answer.Dir;
}

async function copyCrds(from, ending, to) {
  const files = (await readdir(from)).filter((file) => file.endsWith(ending));
  let copied = 0;
  for (const file of files) {
    const text = await readFile(join(from, file), 'utf8');
    if (!/^kind: CustomResourceDefinition$/m.test(text)) continue;
    await copyFile(join(from, file), join(to, file));
    copied++;
  }
  if (copied === 0) throw new Error(`no CustomResourceDefinition in ${from}/*${ending}`);
}

try {
  const names = process.argv.slice(2);
  const folders = {};
  for (const name of names.length > 0 ? names : Object.keys(SOURCES)) folders[name] = await fetchCrds(name);
  console.log(JSON.stringify(folders, null, 2));
} catch (error) {
  console.error(`control plane: ${error.message}`);
  process.exitCode = 1;
}
