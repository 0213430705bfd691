/** What a target of a rule gets of an event: a constant, a part of it, a template that is filled, or all of it. */
export function inputOf(target: any, event: object): unknown {
  if (target.Input !== undefined) {
    return JSON.parse(target.Input);
  }
  if (target.InputPath !== undefined) {
    return at(event, target.InputPath);
  }
  if (target.InputTransformer === undefined) {
    return event;
  }
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  const filled = fill(String(InputTemplate), (name) =>
    name === 'aws.events.event'
      ? event
      : InputPathsMap[name] === undefined
        ? undefined
        : at(event, InputPathsMap[name]),
  );
  try {
    return JSON.parse(filled);
  } catch {
    return filled;
  }
}

/** A placeholder within a string takes text, anywhere else JSON. One whose value the event does not have is left out. */
function fill(template: string, valueOf: (name: string) => unknown): string {
  let within = false;
  return template.replace(/\\.|"|<([^<>]+)>/g, (match, name: string | undefined) => {
    if (name === undefined) {
      within = match === '"' ? !within : within;
      return match;
    }
    const value = valueOf(name);
    if (value === undefined) {
      return '';
    }
    return within ? JSON.stringify(textOf(value)).slice(1, -1) : JSON.stringify(value);
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function at(event: object, path: string): unknown {
  const parts = path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter((part) => part !== '');
  return parts.reduce<any>((value, part) => value?.[part], event);
}
