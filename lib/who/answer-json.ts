import { coverageAsJson } from '../history/coverage';
import { printTime } from '../history/time';
import type { RowAtTheTime } from '../history/inventory/at-the-time';
import { isMeshProxy } from '../history/proxies/mesh-proxy';
import type { Named } from '../history/inventory/known';
import { holesOf, notesOn, type Answer } from './answer';

/** The answer for programs: the same whatever the order in which it was read. */
export function answerAsJson(answer: Answer): object {
  const { question, asker, rows, duplicates, leftOut, files, lokis, inventories, canaries, queries } = answer;
  const coverage = coverageAsJson(answer.coverage);
  const holes = holesOf(answer);
  return {
    ...{ question, asker, partial: holes.length > 0, holes, notes: notesOn(answer), coverage },
    ...{
      rows: rows.map(rowAsJson),
      duplicates,
      leftOut,
      inputs: { files, lokis, inventories, canaries, queries },
    },
  };
}

function rowAsJson(row: RowAtTheTime): object {
  const { cluster, namespace, workload, process, path, destination, error, times, outcomes } = row;
  return {
    ...{ cluster, namespace, workload: { ...workload }, process, path },
    ...(isMeshProxy(process) && { meshProxy: true }),
    destination: { ...destination, was: row.destinationWas.map(knownAsJson) },
    ...{ error, first: printTime(row.first), last: printTime(row.last), times, outcomes },
    ...{
      pods: [...row.pods].sort(),
      morePods: row.morePods,
      nodes: [...row.nodes].sort(),
      rules: [...row.rules].sort(),
    },
  };
}

function knownAsJson({ kind, cluster, namespace, name, workload, isEndpoint }: Named): object {
  return {
    ...{ kind, cluster, ...(kind !== 'node' && { namespace }), name, workload: { ...workload } },
    ...(isEndpoint && { endpoint: true }),
  };
}
