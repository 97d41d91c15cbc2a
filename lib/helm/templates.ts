import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ManifestObject } from '../constructs/object';
import { environmentSchema } from '../settings/generated/schema';
import type { Settings } from '../settings/settings';
import { whileUndecided } from '../settings/token';
import { FalcoEgress } from '../stack';
import { checksTemplate } from './checks';
import { repeated } from './conditional';
import { Defines } from './defines';
import { HELPERS, type Bodies, type Print } from './expression';
import { Generation } from './generation';
import { HELPER_TEMPLATES } from './helpers';
import { addHooks } from './hooks';
import type { Scope } from './node';
import { finished, TOP, where, written, type Place } from './page';
import { templateText } from './text';
import { STANDARD_TEMPLATES } from './standard-metadata';
import { TokenError } from './token-error';
import { valueTokens } from './values';
import { yamlText } from './yaml';

/** The file that fails where values contradict each other. */
const CHECKS = 'checks';

const bodies: Bodies = { text: templateText, yaml: yamlText };

/** The templates of the chart, by path below `templates/`: the constructs themselves, on settings that nobody has set. */
export function chartTemplates(): Map<string, string> {
  const generation = new Generation();
  const settings = valueTokens(environmentSchema, generation.tokens, generation.marks) as Settings;
  const chart = new Chart(new App(), 'chart');
  const stack = whileUndecided(generation, () => {
    const made = new FalcoEgress(chart, 'falco-egress', settings);
    addHooks(made, settings);
    return made;
  });
  const objects = stack.node
    .findAll()
    .filter((node) => ApiObject.isApiObject(node))
    .map(manifestObject);
  const defines = new Defines();
  const printed = objects.map((object): [string, string] => {
    const file = fileOf(object, generation);
    return [file, whileUndecided(generation, () => template(object, { generation, defines, file, bodies }))];
  });
  const templates = new Map(
    printed.map(([file, body]): [string, string] => [`${file}.yaml`, join(defines.in(file), body)]),
  );
  templates.set(
    `${CHECKS}.yaml`,
    whileUndecided(generation, () => checksTemplate(settings, { generation, defines, file: CHECKS, bodies })),
  );
  templates.set(`${HELPERS}.tpl`, join(STANDARD_TEMPLATES, HELPER_TEMPLATES, defines.in(HELPERS)));
  for (const [file, text] of templates) {
    generation.marks.assertNone(text, file);
    templates.set(file, finished(text));
  }
  return templates;
}

function manifestObject(object: Construct): ManifestObject {
  // Not instanceof: cdk8s answers it for every ApiObject alike.
  if ('manifest' in object && 'scopes' in object) return object as ManifestObject;
  throw new TokenError(object.node.path, 'is not made by lib/constructs/object.ts');
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

/** A folder a part of the stack, a file an object. */
function fileOf(object: ManifestObject, { marks }: Generation): string {
  const [, , , ...path] = object.node.scopes.map(({ node }) => node.id);
  const names = path
    .map((id) =>
      marks
        .split(id)
        .filter((part) => typeof part === 'string')
        .join('')
        .replace(/-$/, ''),
    )
    .filter((name) => name !== '');
  return names.length > 1 ? `${names[0] ?? ''}/${names.slice(1).join('-')}` : names.join('');
}

function template(object: ManifestObject, print: Print): string {
  return wrapped(object.scopes as readonly Scope[], TOP, (place) => yamlText(object.manifest, print, place));
}

function wrapped(scopes: readonly Scope[], place: Place, body: (place: Place) => string): string {
  const [scope, ...rest] = scopes;
  if (scope === undefined) return `${place.inRange ? '---\n' : ''}${body(place)}`;
  if (scope.is === 'if') {
    const inner = where(scope.condition, place);
    return `{{- if ${written(scope.condition.code, place)} }}\n${wrapped(rest, inner, body)}{{- end }}\n`;
  }
  return repeated(scope.loop, place, (inner) => wrapped(rest, inner, body));
}
