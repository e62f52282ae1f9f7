import { expect, it } from 'vitest'
import { findInstructions } from '../../../../workers/context/standing-instructions.ts'

const said = (text: string, role = 'user') => ({
  message: 0,
  role,
  speaker: role,
  text,
  tokens: 1,
  worth: 1,
  isWhole: true,
})

it('takes the sentences of users that say how things are to be done from then on', () => {
  const messages = [
    said('Hi there! Never write to the folder migrations. The build is red again.'),
    said('Antworte bitte immer auf Deutsch.'),
    said('以后请用英文回答。'),
  ]
  expect(findInstructions(messages, ['Call me Kit.'])).toEqual([
    'Call me Kit.',
    'Never write to the folder migrations.',
    'Antworte bitte immer auf Deutsch.',
    '以后请用英文回答。',
  ])
})

it('takes neither talk among people nor the words of others', () => {
  const talk = [
    'Keep it up, never give up!',
    'You have always been there for me.',
    'That was always a great time.',
    'Das war immer schön.',
    'Always here to cheer you on.',
    'Tom wrote:\n> Never deploy on Fridays.',
  ]
  expect(findInstructions(talk.map((text) => said(text)))).toEqual([])
  expect(findInstructions([said('Always answer in German.', 'assistant')])).toEqual([])
})
