const APPLY = `Commit \`manifests/\`, and let Argo CD apply \`manifests/production\`, or:

\`\`\`sh
kubectl apply --server-side -f manifests/production
\`\`\`

The workflow in \`.github/workflows\` fails where committed manifests are not what the sources make.
`;

export const README_TYPESCRIPT = `# Egress visibility

Falco and what belongs to it, composed with falco-egress.

\`\`\`sh
npm install        # once; commit package-lock.json
npm run synth      # environments/ and rules/ become manifests/
npm test
npm run check      # fails where manifests/ is stale
\`\`\`

- \`environments/\`: one file, one environment; \`index.ts\` lists them.
- \`rules/\`: rules as typed objects. What Falco would refuse fails the synthesis.
- \`main.ts\`: the cdk8s app. Constructs of your own go there.

${APPLY}`;

export const README_YAML = `# Egress visibility

Settings and rules for falco-egress.

\`\`\`sh
npm install        # once; commit package-lock.json
npm run synth      # environments/ and rules/ become manifests/
npm test           # the tests beside the rules
npm run check      # fails where manifests/ is stale
\`\`\`

- \`environments/\`: one file, one environment; every setting is described in its JSON schema, which editors show.
- \`rules/\`: files in Falco's own form, with their tests. What Falco would refuse fails the synthesis, with its place.

${APPLY}`;
