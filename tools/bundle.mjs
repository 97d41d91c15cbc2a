/**
 * Makes the bundles: `node tools/bundle.mjs [--quiet] [--force]`.
 *
 * - dist/main.js, the synth program, and dist/falco-egress.js, the command line, with dist/scan-thread.js, its second thread;
 * - beside each what it holds of others: THIRD-PARTY-NOTICES.txt;
 * - dist/program/: what runs in the cluster, brotli-compressed in parts that fit into ConfigMaps, and its start script.
 *
 * Each is made again only when an input has changed. The same inputs give the same bytes on every machine, since the
 * digest of the program and its parts stand in committed manifests.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPackages, notices } from './package/notices.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const cacheFile = join(root, 'node_modules/.cache/falco-egress/bundle.json');
const quiet = process.argv.includes('--quiet');
const force = process.argv.includes('--force');

/** Says how long a part of the program may be. */
const PART_SIZE = 'lib/program/part-size.ts';

/** What a bundle holds of others, and their licences. */
const NOTICES = 'THIRD-PARTY-NOTICES.txt';

/** What somebody who opens the ConfigMap reads first. */
const START_BANNER =
  '// Joins, checks and runs the program whose parts lie beside it; source: lib/program/start.ts of falco-egress.';

const SYNTH_MUST_NOT_LOAD = /(^|\/)node_modules\/(@kubernetes\/client-node|openid-client|jose)\//;

/** @type {{ entry: string, output: string, optional?: boolean, build: (esbuild: typeof import('esbuild'), entry: string) => Promise<string[]> }[]} */
const targets = [
  {
    entry: 'main.ts',
    output: 'main.js',
    optional: true,
    async build(esbuild, entry) {
      const { code, inputs } = await bundle(esbuild, entry, {});
      const unwanted = inputs.find((file) => SYNTH_MUST_NOT_LOAD.test(file));
      if (unwanted !== undefined)
        throw new Error(`the synth program must not hold ${unwanted}: load it in lib/cli`);
      write('main.js', code);
      return inputs;
    },
  },
  {
    entry: 'lib/cli/main.ts',
    output: 'falco-egress.js',
    optional: true,
    async build(esbuild, entry) {
      const { code, inputs, packages } = await bundle(esbuild, entry, {
        external: ['@kubernetes/client-node'],
        banner: { js: '#!/usr/bin/env node' },
        // By its text alone publint tells a CommonJS file from others, and the templates of projects hold imports.
        footer: { js: 'module.exports = {};' },
      });
      write('falco-egress.js', code, 0o755);
      write(NOTICES, notices(root, packages));
      return inputs;
    },
  },
  {
    entry: 'lib/history/files/scan-thread.ts',
    output: 'scan-thread.js',
    async build(esbuild, entry) {
      const { code, inputs } = await bundle(esbuild, entry, {});
      write('scan-thread.js', code);
      return inputs;
    },
  },
  {
    entry: 'lib/program/main.ts',
    output: 'program/program.js',
    async build(esbuild, entry) {
      const { code, inputs, packages } = await bundle(esbuild, entry, {
        plugins: [packageJsonPlugin, leftOutPlugin],
      });
      write(`program/${NOTICES}`, notices(root, packages));
      await writeProgram(code, await partBytes(esbuild));
      return [...inputs, PART_SIZE];
    },
  },
  {
    entry: 'lib/program/start.ts',
    output: 'program/start.cjs',
    async build(esbuild, entry) {
      // Not minified: it stands in a ConfigMap, where people read it.
      const { code, inputs } = await bundle(esbuild, entry, { minify: false, banner: { js: START_BANNER } });
      write('program/start.cjs', code.replace(/^\/\/ lib\/.*\n/gm, ''));
      return inputs;
    },
  },
];

/** Of package.json only what `lib/version.ts` reads goes into a bundle: a new script or a new tool is no new program. */
const packageJsonPlugin = {
  name: 'package-json',
  setup(build) {
    build.onLoad({ filter: /[\\/]package\.json$/ }, ({ path }) => {
      if (path !== join(root, 'package.json')) return undefined;
      const { name, version, homepage } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version, homepage }), loader: 'json' };
    });
  },
};

/** What the Kubernetes client loads for a kubeconfig on somebody's workstation, and to copy files into Pods. */
const NOT_IN_A_CLUSTER = ['openid-client', 'jsonpath-plus', 'socks-proxy-agent', 'tar-fs', 'isomorphic-ws'];

/**
 * Keeps out of the program what it never calls: a Helm release holds it twice, in a Secret of at most 1 MiB. Whoever calls it
 * all the same is told.
 */
const leftOutPlugin = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path }) =>
      path === 'whatwg-url' || NOT_IN_A_CLUSTER.includes(path) ? { path, namespace: 'left-out' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: path === 'whatwg-url' ? 'module.exports = { URL, URLSearchParams };' : absent(path),
      loader: 'js',
    }));
  },
};

/** A module whose every export throws when it is used. */
function absent(name) {
  const message = JSON.stringify(`${name} is not in this program: it is for the inside of a cluster`);
  return `const absent = function () { throw new Error(${message}); };
module.exports = new Proxy({}, { get: (_, key) => (key === '__esModule' ? undefined : absent) });`;
}

/** One CommonJS file of an entry point and all that it imports. */
async function bundle(esbuild, entry, options) {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'error',
    outfile: 'bundle.js',
    plugins: [packageJsonPlugin],
    define: { 'import.meta.url': 'undefined' },
    ...options,
  });
  return {
    code: result.outputFiles[0].text,
    inputs: Object.keys(result.metafile.inputs).sort(),
    packages: bundledPackages(result.metafile),
  };
}

/** How many bytes a part holds: whole groups of base64, with room to spare for names and metadata. */
async function partBytes(esbuild) {
  const source = readFileSync(join(root, PART_SIZE), 'utf8');
  const { code } = await esbuild.transform(source, { loader: 'ts', format: 'esm' });
  const { MAX_PART_BASE64 } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return Math.floor((MAX_PART_BASE64 - 8 * 1024) / 4) * 3;
}

/** The program as it is, compressed, and cut into the parts that the ConfigMaps carry. */
async function writeProgram(code, bytesOfPart) {
  // Not node:zlib: its brotli reckons in floating point, which another processor may round otherwise.
  // Its module for `import` is the browsers'.
  const brotli = await createRequire(import.meta.url)('brotli-wasm');
  const raw = Buffer.from(code);
  const compressed = Buffer.from(brotli.compress(raw, { quality: 11 }));
  const folder = join(dist, 'program');
  if (existsSync(folder)) {
    for (const file of readdirSync(folder)) {
      if (file.startsWith('program.br')) rmSync(join(folder, file));
    }
  }
  const parts = [];
  for (let start = 0; start < compressed.length; start += bytesOfPart) {
    const bytes = compressed.subarray(start, start + bytesOfPart);
    const file = `program.br.${String(parts.length).padStart(2, '0')}`;
    write(`program/${file}`, bytes);
    parts.push({ file, sha256: sha256(bytes) });
  }
  write('program/program.js', raw);
  write(
    'program/index.json',
    JSON.stringify({ sha256: sha256(raw), size: raw.length, parts }, null, 2) + '\n',
  );
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Files in dist/ that the current target has made. */
let written = [];

/** Writes a file of dist/ beside and moves it over, so that a reader at the same time never sees half of it. */
function write(name, content, mode) {
  writeWhole(join(dist, name), content, mode);
  written.push(`dist/${name}`);
}

function writeWhole(file, content, mode = 0o644) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, file);
}

/** What tells that a file has changed; npm gives every file of a package the same date, so the lock file counts too. */
function stamp(file) {
  const stats = statSync(join(root, file), { throwIfNoEntry: false });
  return stats === undefined ? 'absent' : `${stats.size} ${stats.mtimeMs}`;
}

const COMMON_INPUTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tools/bundle.mjs',
  'tools/package/notices.mjs',
];

/** A digest over the state of files, none of which is read: a run with nothing to do stays short. */
function stateOf(files) {
  const hash = createHash('sha256');
  for (const file of [...COMMON_INPUTS, ...files]) hash.update(`${file} ${stamp(file)}\n`);
  return hash.digest('hex');
}

function readCache() {
  try {
    return force ? {} : JSON.parse(readFileSync(cacheFile, 'utf8'));
  } catch {
    return {};
  }
}

const cache = readCache();
const stale = targets.filter(({ entry, optional }) => {
  if (optional === true && !existsSync(join(root, entry))) return false;
  const known = cache[entry];
  return known === undefined || known.state !== stateOf(known.files);
});

if (stale.length > 0) {
  const esbuild = await import('esbuild');
  for (const { entry, output, build } of stale) {
    const started = Date.now();
    written = [];
    try {
      const files = [...(await build(esbuild, entry)), ...written];
      cache[entry] = { state: stateOf(files), files };
    } catch (error) {
      // esbuild has shown what stands wrong in a source; the other bundles are made all the same.
      if (!Array.isArray(error.errors)) console.error(`error: ${error.message}`);
      console.error(`dist/${output} was not made`);
      process.exitCode = 1;
      continue;
    }
    if (!quiet) console.error(`bundled dist/${output} in ${Date.now() - started} ms`);
  }
  writeWhole(cacheFile, JSON.stringify(cache));
}
