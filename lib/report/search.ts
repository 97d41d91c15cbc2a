import { destinationText, endpointText } from '../history/endpoint-text';
import { workloadPath } from './labels';
import type { EdgeData, PageData } from './page-data';

/** What is looked for: every word must be found; one in quotes is a whole name. */
export interface Query {
  readonly text: string;
  readonly onlyNew: boolean;
  readonly onlyFailed: boolean;
  readonly onlyInternet: boolean;
}

type Matcher = (texts: readonly string[]) => boolean;

/** Finds connections by what is said of them, a hundred thousand in a few milliseconds: names are looked at, not rows. */
export class Search {
  private readonly workloads: readonly (readonly string[])[];
  private readonly destinations: readonly (readonly string[])[];
  private readonly processes: readonly (readonly string[])[];

  constructor(private readonly data: PageData) {
    const { workloads, destinations, endpoints, processes, hasClusters } = data;
    this.workloads = workloads.map((each) => [
      workloadPath(each, hasClusters).toLowerCase(),
      `${each.cluster ?? ''} ${each.namespace ?? ''}`.toLowerCase(),
    ]);
    this.destinations = destinations.map((each) => {
      const { label = '', scope = '' } = endpoints[each.endpoint] ?? {};
      return [label.toLowerCase(), destinationText(each), endpointText(each.address, each.port), scope];
    });
    this.processes = processes.map((name) => [name.toLowerCase()]);
  }

  find({ text, onlyNew, onlyFailed, onlyInternet }: Query): readonly EdgeData[] {
    const words = wordsOf(text).map((matcher) => [
      this.workloads.map(matcher),
      this.destinations.map(matcher),
      this.processes.map(matcher),
    ]);
    if (words.length === 0 && !onlyNew && !onlyFailed && !onlyInternet) return this.data.edges;
    const { destinations, endpoints, edges } = this.data;
    const isOutside = destinations.map(({ endpoint }) => endpoints[endpoint]?.scope === 'internet');
    return edges.filter(
      ({ workload, destination, process, isNew, failed }) =>
        (!onlyNew || isNew) &&
        (!onlyFailed || failed > 0) &&
        (!onlyInternet || isOutside[destination] === true) &&
        words.every(
          ([inWorkloads, inDestinations, inProcesses]) =>
            inWorkloads?.[workload] === true ||
            inDestinations?.[destination] === true ||
            inProcesses?.[process] === true,
        ),
    );
  }
}

function wordsOf(text: string): Matcher[] {
  return [...text.toLowerCase().matchAll(/"([^"]+)"|[^\s"]+/g)].map(([word, whole]) =>
    whole === undefined
      ? (texts) => texts.some((each) => each.includes(word))
      : (texts) => texts.includes(whole),
  );
}
