/**
 * Constructs look into settings only through lib/settings/decide.ts: an `if`, `===` or `.map` on a setting is decided while
 * the chart is made, and the chart would then ignore the user's value.
 */
const COMPARISONS = new Set(['===', '!==', '==', '!=', '<', '>', '<=', '>=', 'in']);

/** @type {import('eslint').Rule.RuleModule} */
export const settingsByDecide = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      decide:
        '{{what}} on a setting is decided before a chart is rendered: use a function of lib/settings/decide.ts',
    },
  },
  create(context) {
    /** Whether a value comes out of `settings` as it is: by its name, a property, or a variable made of one. */
    function isSetting(node) {
      switch (node?.type) {
        case 'MemberExpression':
          return isSetting(node.object);
        case 'ChainExpression':
        case 'TSNonNullExpression':
        case 'TSAsExpression':
          return isSetting(node.expression);
        case 'Identifier':
          return node.name === 'settings' || isSetting(initialValue(node));
        default:
          return false;
      }
    }

    function initialValue(identifier) {
      let scope = context.sourceCode.getScope(identifier);
      while (scope !== null && !scope.set.has(identifier.name)) scope = scope.upper;
      const definition = scope?.set.get(identifier.name)?.defs[0];
      return definition?.type === 'Variable' ? definition.node.init : undefined;
    }

    const report = (node, what) => context.report({ node, messageId: 'decide', data: { what } });
    function test(node, what) {
      const value = node?.type === 'UnaryExpression' && node.operator === '!' ? node.argument : node;
      if (isSetting(value)) report(node, what);
    }

    return {
      IfStatement: (node) => test(node.test, '`if`'),
      ConditionalExpression: (node) => test(node.test, '`?:`'),
      LogicalExpression(node) {
        test(node.left, `\`${node.operator}\``);
        test(node.right, `\`${node.operator}\``);
      },
      BinaryExpression(node) {
        if (COMPARISONS.has(node.operator) && (isSetting(node.left) || isSetting(node.right)))
          report(node, `\`${node.operator}\``);
      },
      ForOfStatement: (node) => test(node.right, '`for`'),
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== 'MemberExpression') return;
        if (isSetting(callee.object)) report(node, `\`.${callee.property.name ?? '[]'}()\``);
        if (callee.object.name === 'Object' && node.arguments.some(isSetting))
          report(node, `\`Object.${callee.property.name}\``);
      },
      'MemberExpression[property.name="length"]'(node) {
        if (isSetting(node.object)) report(node, '`.length`');
      },
    };
  },
};
