import { Token, type CfnResource } from 'aws-cdk-lib';
import { isIntrinsic } from './rendered-properties';
import { uncapitalize } from './text';

type Members = Readonly<Record<string, unknown>>;

/**
 * What `addPropertyOverride` has set so far, by the names of the template. The CDK tells it only with the whole resource, and a pipeline that is asked for that
 * remembers its stages, and forgets what is added later.
 */
export function overridesOf(resource: CfnResource): Members {
  const { rawOverrides } = resource as unknown as { readonly rawOverrides?: { readonly Properties?: Members } };
  return rawOverrides?.Properties ?? {};
}

/** A value by the names of the CDK with an override by those of the template, merged as the CDK does: member by member, lists as a whole. */
export function overridden(value: unknown, override: unknown): unknown {
  if (Array.isArray(override)) {
    return override.map((one) => overridden(undefined, one));
  }
  if (!isMembers(override) || isKnownAtDeployment(override)) {
    return override;
  }
  const members = Object.fromEntries(
    Object.entries(override).map(([name, change]) => {
      const key = uncapitalize(name);
      const own = isMembers(value) ? value[key] : undefined;
      // What is configured has the same names in the template.
      return [key, key === 'configuration' ? { ...(own as object), ...(change as object) } : overridden(own, change)];
    }),
  );
  return Array.isArray(value)
    ? Object.assign([...(value as unknown[])], members)
    : { ...(value as object), ...members };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

/** A token, or an intrinsic function as it stands in a template. */
export function isKnownAtDeployment(value: unknown): boolean {
  return isIntrinsic(value) || (isMembers(value) && !Array.isArray(value) && Token.isUnresolved(value));
}
