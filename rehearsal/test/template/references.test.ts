import type { Template } from '../../template/model';
import { dependantsOf } from '../../template/references';

const answer = { Type: 'Custom::Answer' };
const of = (Resources: Template['Resources']) => [...dependantsOf({ Resources }, 'Answer')].sort();

test.each<[string, unknown]>([
  ['by its name', { Ref: 'Answer' }],
  ['by an attribute', { 'Fn::GetAtt': ['Answer', 'Id'] }],
  ['by an attribute with a dot', { 'Fn::GetAtt': 'Answer.Id' }],
  ['in a text', { 'Fn::Sub': 'is ${Answer}' }],
  ['in a text, by an attribute', { 'Fn::Sub': ['is ${Answer.Id} ${other}', { other: 1 }] }],
  ['in a variable of a text', { 'Fn::Sub': ['is ${other}', { other: { Ref: 'Answer' } }] }],
  ['deep inside', { 'Fn::Join': ['', ['is ', { Ref: 'Answer' }]] }],
])('what refers to a resource %s depends on it', (_, value) => {
  expect(of({ Answer: answer, One: { Type: 'T', Properties: { list: [{ value }] } } })).toEqual(['One']);
});

test('what depends on a dependant does, too; a literal text and other resources do not', () => {
  expect(
    of({
      Answer: answer,
      One: { Type: 'T', DependsOn: 'Answer' },
      Two: { Type: 'T', DependsOn: ['Other', 'One'] },
      Other: { Type: 'T', Properties: { text: 'Answer', literal: { 'Fn::Sub': '${!Answer}' } } },
    }),
  ).toEqual(['One', 'Two']);
});

test('what goes round ends', () => {
  expect(of({ Answer: { ...answer, DependsOn: 'One' }, One: { Type: 'T', DependsOn: 'Answer' } })).toEqual(['One']);
});
