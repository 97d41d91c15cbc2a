#!/usr/bin/env node
/**
 * Builds cyclonus, an independent judge of NetworkPolicies, from the Go module pinned beside this file.
 *
 *     node tools/cyclonus/build.mjs
 *
 * The first build takes about a minute on two cores.
 */
import { buildGoProgram } from '../go-program.mjs';

buildGoProgram({
  folder: import.meta.dirname,
  name: 'cyclonus',
  files: ['go.mod', 'go.sum', 'main.go'],
  target: '.',
});
