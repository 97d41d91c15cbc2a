#!/usr/bin/env node
/**
 * Builds promtool, which checks and tests alerting rules, from the Go module pinned beside this file.
 *
 *     node tools/prometheus/build.mjs
 *
 * The first build takes about two minutes on two cores.
 */
import { buildGoProgram } from '../go-program.mjs';

buildGoProgram({
  folder: import.meta.dirname,
  name: 'promtool',
  files: ['go.mod', 'go.sum'],
  target: 'github.com/prometheus/prometheus/cmd/promtool',
  // The clients of clouds in which Prometheus looks for targets are most of the build; rules need none.
  tags: ['remove_all_sd'],
});
