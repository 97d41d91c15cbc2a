import type { FieldNames } from '../../falco/field-source';

const KINDS = ['pod', 'ns', 'deployment', 'svc', 'rs', 'rc'];

/** The fields of the plugin k8smeta 0.4: all text; `labels`, and all of a Pod's Services, are lists. */
export const K8SMETA_FIELDS: FieldNames = {
  CHARBUF: [
    ...KINDS.flatMap((kind) => {
      const list = kind === 'svc' ? '*' : '';
      return [
        `k8smeta.${kind}.name${list}`,
        `k8smeta.${kind}.uid${list}`,
        `k8smeta.${kind}.label[k]${list}`,
        `k8smeta.${kind}.labels*`,
      ];
    }),
    'k8smeta.pod.ip',
  ].join(' '),
};
