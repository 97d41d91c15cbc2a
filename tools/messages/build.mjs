#!/usr/bin/env node
/**
 * Builds what renders messages for people as falcosidekick and Alertmanager do, from the Go module pinned beside this file.
 *
 *     node tools/messages/build.mjs
 *
 * The first build takes about half a minute on two cores.
 */
import { buildGoProgram } from '../go-program.mjs';

buildGoProgram({
  folder: import.meta.dirname,
  name: 'messages',
  files: ['go.mod', 'go.sum', 'main.go'],
  target: '.',
});
