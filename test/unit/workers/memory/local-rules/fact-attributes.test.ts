import { describe, expect, test } from 'vitest'
import { attributeIn, statedValue } from '../../../../../workers/memory/local-rules/fact-attributes.ts'

describe('what a sentence states, where there is one value at a time', () => {
  test.each([
    ['I live in Utrecht.', 'residence', 'Utrecht', undefined],
    ['I just moved to Lisbon in March!', 'residence', 'Lisbon', undefined],
    ['I moved back from Porto to Rotterdam last week.', 'residence', 'Rotterdam', undefined],
    ['Maya lives in New York now.', 'residence', 'New York', 'Maya'],
    ["I'm based in Rio de Janeiro.", 'residence', 'Rio de Janeiro', undefined],
    ['I work at Shell.', 'employer', 'Shell', undefined],
    ['I left Shell and started at Philips.', 'employer', 'Philips', undefined],
    ['I now work as a night nurse in Leiden.', 'occupation', 'night nurse', undefined],
    ['I am 34 years old.', 'age', '34', undefined],
    ["I'm 34 and single.", 'age', '34', undefined],
    ['My time zone is now CET.', 'time zone', 'CET', undefined],
    ["Leo's blood group is A positive.", 'blood group', 'A positive', 'Leo'],
    ['I went vegan.', 'diet', 'vegan', undefined],
    ["I'm engaged to Tom.", 'marital status', 'engaged', undefined],
    ['I got divorced last year.', 'marital status', 'divorced', undefined],
    ['My phone number is 06 1234 5678.', 'phone', '06 1234 5678', undefined],
    ['My favourite colour is green.', 'favourite colour', 'green', undefined],
    ["Leo's birthday is on 3 May.", 'birthday', '3 May', 'Leo'],
    ['The meeting is now on Friday.', 'date', 'Friday', 'meeting'],
    ['My eye test has been moved to 25 March.', 'date', '25 March', 'eye test'],
    ['The meeting with legal is on Friday.', 'date', 'Friday', 'meeting with legal'],
    ['Our stand-up is at 10 from now on.', 'date', '10 from now on', 'stand-up'],
    ['The party is at 10 Mill Lane.', 'place', '10 Mill Lane', 'party'],
    ['The Mending Day has been moved to 20 June.', 'date', '20 June', 'Mending Day'],
    ['Scratch that, the meeting is on Friday.', 'date', 'Friday', 'meeting'],
    ['No, wait, I live in Utrecht.', 'residence', 'Utrecht', undefined],
    ['Our budget is 3,900 euros.', 'amount', '3,900 euros', 'budget'],
    ['Ana leads the press team.', 'owner', 'Ana', 'press team'],
    ['Since March Ana owns the billing service.', 'owner', 'Ana', 'billing service'],
  ])('%s', (sentence, attribute, value, subject) => {
    expect(attributeIn(sentence)).toEqual({ attribute, value, subject })
  })

  test.each([
    'My sister lives in Porto.',
    'My sister Clara moved to Porto.',
    'She lives in Porto.',
    'I used to live in Porto.',
    'I want to live in Porto.',
    'If I lived in Porto I would surf.',
    "I don't live in Porto any more.",
    'I moved to house number 7.',
    'I moved to Friday.',
    'The meeting moved to Friday and I moved to a chair.',
    'I like tea.',
    'My wife and I are separated.',
    "I'm engaged now in a legal fight.",
    'I am separated from my family now.',
    'The meeting was fun.',
    'I went to Porto for a weekend.',
    'We moved to Porto last week.',
    'I moved to Emacs in May.',
    'I moved to Seat 14 for more room.',
    'I moved to Team Red.',
    'I live in Excel these days.',
    'I am moving to Terraform next quarter.',
    'I will move to Porto in June.',
    'I work for Laura on Saturdays.',
    'I work for Siemens today.',
    'I am working at Home today.',
    'I started at Chapter 7 of the book.',
    'Anna says I work at Shell.',
    'The bus leaves at 7:10.',
    'My shift starts at 6:00 on Mondays.',
    'My class is on Monday.',
    'Ana is responsible for the shop in Ghent.',
    'Ana oversees the budget for May.',
    'Ben took over the shop in Bruges.',
    'Since Ana leads the team, we ship weekly.',
    'She leads the press team.',
  ])('nothing: %s', (sentence) => {
    expect(attributeIn(sentence)).toBeUndefined()
  })

  test('the value is found in a fact again, quoted or not', () => {
    expect(statedValue('Maya lives in Utrecht.', 'residence')).toBe('Utrecht')
    expect(statedValue('Maya said on 2026-03-01: "I moved to Porto, too."', 'residence')).toBe('Porto')
    expect(statedValue('Maya lives in Utrecht.', 'employer')).toBeUndefined()
  })
})
