/** A mail as plain text. Each line that somebody else wrote is marked as such: none of them can pass for a line of ours. */
import type { MailFact, MailMatter, MailPart, MailParts } from './mail-parts';

export function plainMail({ parts }: MailParts): string {
  return `${parts
    .map(plainPart)
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function plainPart(part: MailPart): string {
  switch (part.kind) {
    case 'LEAD':
      return part.more === '' ? part.sentence : `${part.sentence} ${part.more}`;
    case 'QUOTE':
      return quoted(part.lines);
    case 'FACTS':
      return part.facts.map(plainFact).join('\n');
    case 'LINK':
      return `${part.words}:\n${part.url}`;
    case 'MATTERS':
      return [part.heading, ...part.matters.map(plainMatter)].join('\n\n');
    case 'TEXT':
    case 'ASIDE':
      return part.lines.join('\n');
  }
}

function plainMatter({ title, facts, lines, link }: MailMatter): string {
  const url = link === undefined ? [] : [`${link.words}:`, link.url];
  return [`Gate: ${title}`, ...facts.map(plainFact), ...lines, ...url].join('\n');
}

function plainFact(fact: MailFact): string {
  switch (fact.kind) {
    case 'VALUE':
      return `${fact.label}: ${fact.value}`;
    case 'CHANGE': {
      const message = fact.message === '' ? '' : ` "${fact.message}"`;
      const author = fact.author === '' ? '' : ` by ${fact.author}`;
      return `Change: ${fact.id}${message}${author}`;
    }
    case 'SEE':
      return `${fact.words}: ${fact.url}`;
    case 'CHANGE_SET':
      return `Change set ${fact.stack}: ${fact.says}`;
    case 'MORE':
      return fact.words;
    case 'NOTE':
      return `Note:\n${quoted(fact.lines)}`;
  }
}

function quoted(lines: readonly string[]): string {
  return lines.map((line) => `> ${line}`).join('\n');
}
