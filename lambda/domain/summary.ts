import { cleanText } from './clean-text';
import { SUMMARY_LIMIT } from './limits';

/** What CodePipeline and everyone asked are told: who, how many of how many, why. One line of visible characters. */
export function summaryOf(...sentences: readonly (string | undefined)[]): string {
  const parts = sentences
    .map((sentence) => cleanText(sentence ?? '', SUMMARY_LIMIT).replace(/\.$/, ''))
    .filter((sentence) => sentence !== '');
  return cleanText(parts.join('. ') || 'No reason given', SUMMARY_LIMIT);
}
