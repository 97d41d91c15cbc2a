import type { Event } from '../../rules/evaluate/event';
import type { AlertedPod } from './alert';

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const NAMESPACE = new RegExp(`^(?=.{1,63}$)${LABEL}$`);
const NAME = new RegExp(String.raw`^(?=.{1,253}$)${LABEL}(?:\.${LABEL})*$`);
const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * The Pod that the fields of an alert name; `undefined` where they name none. What can't be the name of a Pod names none:
 * it comes into paths of the API server and into messages.
 */
export function alertedPod(fields: Event): AlertedPod | undefined {
  const namespace = fitting(fields, NAMESPACE, 'k8s.ns.name', 'k8smeta.ns.name');
  const name = fitting(fields, NAME, 'k8s.pod.name', 'k8smeta.pod.name');
  if (namespace === undefined || name === undefined) return undefined;
  const uid = fitting(fields, IDENTIFIER, 'k8s.pod.uid', 'k8smeta.pod.uid');
  const containerId = fitting(fields, IDENTIFIER, 'container.id');
  return {
    namespace,
    name,
    ...(uid !== undefined && { uid }),
    // What Falco says of a process of the node itself.
    ...(containerId !== undefined && containerId !== 'host' && { containerId }),
  };
}

function fitting(fields: Event, form: RegExp, ...names: readonly string[]): string | undefined {
  return names
    .map((name) => fields[name])
    .find((value): value is string => typeof value === 'string' && form.test(value));
}
