/** Mail programs turn addresses into links by themselves: only ours may be one. */
export function quiet(text: string): string {
  return text.replace(/:\/\//g, ': //').replace(/\bwww\./gi, 'www .');
}
