/**
 * Text that other people wrote (commit messages, names, alarm reasons, comments) before it goes to a mail, a page, a log
 * or CodePipeline. It stays readable, and can no longer break lines, hide or turn around what stands beside it.
 */

/** C0 and C1 controls, line and paragraph separators: what could start a new line or a terminal command. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
/** Format characters: bidi overrides and isolates, zero-width and tag characters. The two joiners carry meaning in scripts and emoji. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cf}\p{Cs}\p{Co}\p{Cn}\u3164\uffa0\u115f\u1160]/gu;
/** Stacks of combining marks that would paint over the lines above and below. */
const MARKS = /(\p{M}{3})\p{M}+/gu;

/** One line of at most `max` characters. */
export function cleanText(text: string, max: number): string {
  return shorten(plain(bounded(text, max).replace(CONTROLS, ' ')).replace(/\s+/g, ' ').trim(), max);
}

/** As `cleanText`, but keeps line breaks: at most `maxLines` lines, no more than one of them empty in a row. */
export function cleanLines(text: string, max: number, maxLines = 20): string {
  const lines = bounded(text, max)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => plain(line.replace(CONTROLS, ' ')).replace(/\s+/g, ' ').trim())
    .filter((line, index, all) => line !== '' || (index > 0 && all[index - 1] !== ''));
  return shorten(lines.slice(0, maxLines).join('\n').trim(), max);
}

/** Printable ASCII alone, for places that accept nothing else. */
export function cleanAscii(text: string, max: number): string {
  const folded = cleanText(text, max * 2)
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return folded.length <= max ? folded : `${folded.slice(0, Math.max(0, max - 3)).trimEnd()}...`.slice(0, max);
}

/** Cut before anything expensive happens: nobody pays for a commit message of a megabyte. */
function bounded(text: string, max: number): string {
  return text.slice(0, max * 8 + 256);
}

function plain(text: string): string {
  return text.replace(INVISIBLE, '').replace(MARKS, '$1');
}

/** At most `max` UTF-16 units, never half a character. */
function shorten(text: string, max: number): string {
  if (text.length <= max) {
    return text;
  }
  if (max < 1) {
    return '';
  }
  const cut = text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut.trimEnd()}…`;
}
