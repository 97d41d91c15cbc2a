#!/usr/bin/env node
/**
 * Builds the OpenTelemetry Collector that the integration tests run, from the Go module pinned beside this file.
 *
 *     node tools/otelcol/build.mjs
 *
 * The first build takes about two minutes on two cores.
 */
import { buildGoProgram } from '../go-program.mjs';

buildGoProgram({
  folder: import.meta.dirname,
  name: 'otelcol',
  files: ['go.mod', 'go.sum', 'main.go', 'basicauth.go'],
  target: '.',
});
