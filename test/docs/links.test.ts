/** Links between the documents lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md') && name !== 'API.md'),
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  'rehearsal/README.md',
];

const textOf = (file: string): string => readFileSync(file, 'utf8');

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replace(/ /g, '-'),
  );
}

test.each(DOCUMENTS)('those of %s', (document) => {
  const text = textOf(join(ROOT, document));
  const outsideOfCode = text.replace(/^```[^]*?^```/gm, '');
  const links = [...outsideOfCode.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);

  const broken = links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? join(ROOT, document) : join(ROOT, dirname(document), path);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor));
  });

  expect(broken).toEqual([]);
});
