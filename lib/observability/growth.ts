/**
 * By how much counters have grown, in PromQL. Many counters of Falco and falcosidekick are there only once they count
 * something, and `increase` does not see how a series comes to be: one that is new counts as a whole.
 */
export function growth(counters: string, window: string): string {
  return `((${counters} unless ${counters} offset ${window}) or increase(${counters}[${window}]))`;
}
