import { evaluate } from './intrinsics';
import { demand, insert, PathError, select } from './json-path';

/** InputPath, Parameters, ResultSelector, ResultPath, OutputPath: how data goes through a state. */
export interface Data {
  readonly input: unknown;
  /** The context object, `$$`. */
  readonly context: unknown;
}

export class StateError extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
  ) {
    super(`${code}: ${reason}`);
  }
}

/** A value by its path; `$$` reaches the context object. */
export function valueAt(path: string, { input, context }: Data): unknown {
  try {
    return path.startsWith('$$') ? demand(path.slice(1), context) : demand(path, input);
  } catch (error) {
    throw error instanceof PathError ? new StateError('States.Runtime', error.message) : error;
  }
}

export function maybeAt(path: string, { input, context }: Data): unknown {
  return path.startsWith('$$') ? select(path.slice(1), context) : select(path, input);
}

/** Fills a payload template: every member whose name ends in `.$` is a path or an intrinsic function. */
export function fill(template: unknown, data: Data): unknown {
  if (Array.isArray(template)) {
    return template.map((item) => fill(item, data));
  }
  if (template === null || typeof template !== 'object') {
    return template;
  }
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$') ? [key.slice(0, -2), expression(String(value), data)] : [key, fill(value, data)],
    ),
  );
}

export function effectiveInput(state: any, raw: unknown, context: unknown): unknown {
  const input = state.InputPath === null ? {} : valueAt(state.InputPath ?? '$', { input: raw, context });
  return state.Parameters === undefined ? input : fill(state.Parameters, { input, context });
}

export function effectiveOutput(state: any, raw: unknown, result: unknown, context: unknown): unknown {
  const selected = state.ResultSelector === undefined ? result : fill(state.ResultSelector, { input: result, context });
  return outputOf(state, place(state.ResultPath, raw, selected), context);
}

/** Where a result goes: `null` drops it. */
export function place(path: string | null | undefined, raw: unknown, result: unknown): unknown {
  return path === null ? raw : insert(path ?? '$', raw, result);
}

export function outputOf(state: any, value: unknown, context: unknown): unknown {
  return state.OutputPath === null ? {} : valueAt(state.OutputPath ?? '$', { input: value, context });
}

function expression(source: string, data: Data): unknown {
  if (source.startsWith('$')) {
    return valueAt(source, data);
  }
  try {
    return evaluate(source, (path) => valueAt(path, data));
  } catch (error) {
    throw error instanceof StateError ? error : new StateError('States.IntrinsicFailure', String(error));
  }
}
