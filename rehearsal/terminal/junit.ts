/** Results as JUnit XML, which the reports of build servers read. */
import type { ScenarioResult } from '../scenario/run';

export interface FileResult extends ScenarioResult {
  readonly file: string;
}

export function junit(results: readonly FileResult[]): string {
  const failures = results.filter(({ passed }) => !passed).length;
  const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(3);
  const time = seconds(results.reduce((sum, { real }) => sum + real, 0));
  const cases = results.map(({ title, file, real, failure }) => {
    const opening = `    <testcase name="${escaped(title)}" classname="${escaped(file)}" time="${seconds(real)}"`;
    if (failure === undefined) return `${opening}/>`;
    const where = `step ${failure.step}, ${failure.what}`;
    return `${opening}>\n      <failure message="${escaped(failure.why)}">${escaped(`${where}: ${failure.why}`)}</failure>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${results.length}" failures="${failures}" time="${time}">`,
    `  <testsuite name="rehearsal" tests="${results.length}" failures="${failures}" time="${time}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML takes no control characters, not even escaped ones. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
