import { checkPlugins } from '../../lib/settings/checks/plugins';
import { flat } from '../../lib/settings/finding';
import { fillDefaults, type FalcoEgressProps } from '../../lib/settings/settings';

function findings(props: Partial<FalcoEgressProps>): string[] {
  return flat(checkPlugins(fillDefaults({ cluster: 'test', ...props }))).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

const chart = { install: false, external: { form: 'helmValues' } } as const;
const tls = { issuer: 'certManager' } as const;

test('the plugin of the official chart cannot take our CA', () => {
  expect(findings({ falco: chart, tls })).toEqual([
    "plugins.k8smeta.source: the official chart cannot tell its k8smeta plugin which CA to trust, and with tls.issuer 'certManager' k8s-metacollector speaks TLS only; set source 'none' (the exempt namespaces become a list), or another falco.external.form",
  ]);
});

test.each<Partial<FalcoEgressProps>>([
  { falco: chart },
  { falco: chart, tls, plugins: { k8smeta: { source: 'none' } } },
  { falco: { ...chart, external: { form: 'configMap' } }, tls },
  { falco: { ...chart, install: true }, tls },
])('nothing to say of %j', (props) => {
  expect(findings(props)).toEqual([]);
});
