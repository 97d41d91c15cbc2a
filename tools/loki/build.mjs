#!/usr/bin/env node
/**
 * Builds the Loki that the integration tests and benchmarks run, from the Go module pinned beside this file.
 *
 *     node tools/loki/build.mjs [--cached]
 *
 * The first build takes about six minutes on two cores: where the other tests took very long, `npm test` leaves it out, and
 * skips the tests that need Loki. With `--cached` it only says where it is.
 */
import { buildGoProgram } from '../go-program.mjs';

buildGoProgram({
  folder: import.meta.dirname,
  name: 'loki',
  files: ['go.mod', 'go.sum'],
  target: 'github.com/grafana/loki/v3/cmd/loki',
});
