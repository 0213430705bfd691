/** What the intrinsic functions of a template need to know about their stack. */
export interface Scope {
  readonly stackName: string;
  readonly pseudo: Readonly<Record<string, unknown>>;
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  importValue(exportName: string): unknown;
  stackOutput(stack: string, output: string): unknown;
}

/** Stands for a property that is not there: `AWS::NoValue`. */
const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: any, scope: Scope) => unknown;

const intrinsics: Record<string, Intrinsic> = {
  Ref: (name, scope) => refOf(name, scope),
  'Fn::GetAtt': (argument, scope) => {
    const [id, ...rest] = typeof argument === 'string' ? argument.split('.') : argument;
    return scope.attribute(id, rest.map((part: unknown) => resolve(part, scope)).join('.'));
  },
  'Fn::Join': ([separator, parts], scope) => list(parts, scope).map(String).join(separator),
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::Select': ([index, parts], scope) => list(parts, scope)[Number(resolve(index, scope))],
  'Fn::Split': ([separator, text], scope) => String(resolve(text, scope)).split(separator),
  'Fn::If': ([name, yes, no], scope) => resolve(scope.condition(name) ? yes : no, scope),
  'Fn::FindInMap': ([map, first, second], scope) =>
    scope.mapping(String(resolve(map, scope)), String(resolve(first, scope)), String(resolve(second, scope))),
  'Fn::ImportValue': (name, scope) => scope.importValue(String(resolve(name, scope))),
  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName, OutputName } = resolve(argument, scope) as Record<string, string>;
    return scope.stackOutput(StackName, OutputName);
  },
  'Fn::Base64': (text, scope) => Buffer.from(String(resolve(text, scope))).toString('base64'),
  'Fn::GetAZs': (_region, scope) => ['a', 'b', 'c'].map((zone) => `${String(scope.pseudo['AWS::Region'])}${zone}`),
  'Fn::ToJsonString': (value, scope) => JSON.stringify(resolve(value, scope)),
  'Fn::Length': (value, scope) => list(value, scope).length,
  'Fn::Equals': ([one, other], scope) => String(resolve(one, scope)) === String(resolve(other, scope)),
  'Fn::Not': ([one], scope) => !resolve(one, scope),
  'Fn::And': (all, scope) => (all as unknown[]).every((one) => resolve(one, scope)),
  'Fn::Or': (all, scope) => (all as unknown[]).some((one) => resolve(one, scope)),
  'Fn::Contains': ([all, one], scope) => list(all, scope).includes(resolve(one, scope)),
  'Fn::Transform': (argument) => {
    throw new Error(`macro ${JSON.stringify(argument?.Name)} cannot be run on this machine`);
  },
};

/** Resolves every intrinsic function in `value`. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const intrinsic = intrinsics[only[0]];
    if (intrinsic !== undefined) {
      return intrinsic(only[1], scope);
    }
    if (only[0] === 'Condition' && typeof only[1] === 'string') {
      return scope.condition(only[1]);
    }
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolve(item, scope)] as const).filter(([, item]) => item !== NO_VALUE),
  );
}

function refOf(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') {
    return NO_VALUE;
  }
  return name in scope.pseudo ? scope.pseudo[name] : scope.ref(name);
}

function list(value: unknown, scope: Scope): unknown[] {
  const resolved = resolve(value, scope);
  if (Array.isArray(resolved)) {
    return resolved;
  }
  return String(resolved).split(',');
}

function substitute(argument: string | [string, Record<string, unknown>], scope: Scope): string {
  const [text, variables] = typeof argument === 'string' ? [argument, {}] : argument;
  return text.replace(/\$\{(!?)([^}]*)\}/g, (_match, literal: string, name: string) => {
    if (literal !== '') {
      return `\${${name}}`;
    }
    if (name in variables) {
      return String(resolve((variables as Record<string, unknown>)[name], scope));
    }
    const [id, ...attribute] = name.trim().split('.');
    return String(attribute.length > 0 ? scope.attribute(id, attribute.join('.')) : refOf(name.trim(), scope));
  });
}
