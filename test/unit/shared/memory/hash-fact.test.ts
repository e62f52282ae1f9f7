import { expect, test } from 'vitest'
import { hashFact } from '../../../../shared/memory/hash-fact.ts'

const isOne = (a: string, b: string) => hashFact(a).equals(hashFact(b))

test.each([
  ['case, spaces and the final stop', 'Maya lives in  Lisbon.', 'maya lives in Lisbon !'],
  ['final stops of other scripts', '用户住在里斯本。', '用户住在里斯本'],
  ['width', 'Ｍａｙａ　lives in Porto', 'Maya lives in Porto'],
  ['forms of one letter', 'José is vegan', 'Jose\u0301 is vegan'],
  ['invisible characters', 'Maya\u200b is \u2060vegan', 'Maya is vegan'],
])('one fact: %s', (_, a, b) => {
  expect(isOne(a, b)).toBe(true)
})

test.each([
  ['fractions', '2½ rooms', '21⁄2 rooms'],
  ['superscripts', '10 m²', '10 m2'],
  ['currency', 'The budget is €500', 'The budget is $500'],
  ['signs', '-5 degrees', '+5 degrees'],
  ['a sign of mathematics', '−5 degrees', '5 degrees'],
  ['units', 'The plant makes 5 MW', 'The plant makes 5 mW'],
  ['prefixes', '5 mg', '5 µg'],
  ['names with signs', 'prefers C++', 'prefers C#'],
  ['roles', 'Eva lent Tom money', 'Tom lent Eva money'],
  ['order', 'from 3 pm to 5 pm', 'from 5 pm to 3 pm'],
  ['denial', '用户每天都吃肉。', '用户每天都不吃肉。'],
  ['numbers of other scripts', 'لدى المستخدم ٣ أطفال', 'لدى المستخدم ٥ أطفال'],
  ['joiners', 'नई', 'नई\u200d'],
])('two facts: %s', (_, a, b) => {
  expect(isOne(a, b)).toBe(false)
})

test('the same words about people who are told by ids are two facts', () => {
  const of = (subjectKey: string) => hashFact('The user is vegan.', subjectKey).toString('hex')
  expect(new Set(['user:u1', 'user:u2', 'role:user@v', 'role:user@w'].map(of)).size).toBe(4)
  expect(of('name:maya')).toBe(hashFact('The user is vegan.').toString('hex'))
})
