/** Which resources of a template refer to which: CloudFormation makes each after those that it refers to. */
import type { Template } from './model';

/** Logical ids of resources that refer to `of`, by way of others, too; without itself. */
export function dependantsOf(template: Template, of: string): ReadonlySet<string> {
  const resources = Object.entries(template.Resources ?? {});
  const direct = new Map(
    resources.map(([id, { Properties, DependsOn = [] }]) => [
      id,
      new Set([...referencesIn(Properties), ...[DependsOn].flat()]),
    ]),
  );
  const found = new Set<string>();
  const add = (wanted: string): void => {
    for (const [id, references] of direct) {
      if (references.has(wanted) && !found.has(id)) {
        found.add(id);
        add(id);
      }
    }
  };
  add(of);
  found.delete(of);
  return found;
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(referencesIn);
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    switch (key) {
      case 'Ref':
        return [String(inner)];
      case 'Fn::GetAtt':
        return [typeof inner === 'string' ? (inner.split('.')[0] ?? '') : String((inner as readonly unknown[])[0])];
      case 'Fn::Sub':
        return [...namesIn(inner), ...referencesIn(inner)];
      default:
        return referencesIn(inner);
    }
  });
}

function namesIn(substituted: unknown): readonly string[] {
  const text = String(Array.isArray(substituted) ? substituted[0] : substituted);
  return [...text.matchAll(/\$\{([^!}.]+)/g)].map(([, name = '']) => name.trim());
}
