import { inputOf } from '../../aws/target-input';

const EVENT = { source: 'shop', detail: { name: 'tea', words: 'he said "no"\nand left', count: 3, list: ['a'] } };
const paths = {
  name: '$.detail.name',
  words: '$.detail.words',
  count: '$.detail.count',
  list: '$.detail.list',
  none: '$.detail.x',
};
const filled = (template: string) =>
  inputOf({ InputTransformer: { InputPathsMap: paths, InputTemplate: template } }, EVENT);

describe('the input of a target', () => {
  test.each<[string, object, unknown]>([
    ['is the event', {}, EVENT],
    ['is a part of it', { InputPath: '$.detail.name' }, 'tea'],
    ['is a constant', { Input: '{"a":1}' }, { a: 1 }],
  ])('%s', (_, target, expected) => {
    expect(inputOf(target, EVENT)).toEqual(expected);
  });

  test.each<[string, string, unknown]>([
    [
      'values that stand alone, of any kind',
      '{"a":<words>,"b":<count>,"c":<list>}',
      { a: EVENT.detail.words, b: 3, c: ['a'] },
    ],
    ['values in quotes', '{"a":"<name>","b":"<count>"}', { a: 'tea', b: '3' }],
    ['values within a longer text', '{"a":"sell <name> now, <count> times"}', { a: 'sell tea now, 3 times' }],
    ['values behind a quote that is part of the text', '{"a":"\\"<name>\\" it is"}', { a: '"tea" it is' }],
    ['the whole event', '{"e":<aws.events.event>}', { e: EVENT }],
    ['a text that is no object', '"<name> is sold"', 'tea is sold'],
    ['nothing for what the event lacks', '"[<none>]"', '[]'],
  ])('is a template with %s', (_, template, expected) => {
    expect(filled(template)).toEqual(expected);
  });

  test('is a text where the filled template is no JSON', () => {
    expect(filled('{"a":<none>}')).toBe('{"a":}');
  });
});
