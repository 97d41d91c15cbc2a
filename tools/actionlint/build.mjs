#!/usr/bin/env node
/**
 * Builds actionlint, which checks the workflows of GitHub Actions, from the Go module pinned beside this file.
 *
 *     node tools/actionlint/build.mjs
 */
import { buildGoProgram } from '../go-program.mjs';

buildGoProgram({
  folder: import.meta.dirname,
  name: 'actionlint',
  files: ['go.mod', 'go.sum'],
  target: 'github.com/rhysd/actionlint/cmd/actionlint',
});
