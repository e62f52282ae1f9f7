import { expect, it } from 'vitest'
import { factsByRules } from '../../../../../workers/memory/local-rules/fact-rules.ts'

const kept = (text: string) => {
  const turn = { turn: 0, at: new Date('2026-11-04T09:00:00Z'), timeZone: 'UTC', speaker: 'Maya', role: 'user', text }
  return factsByRules({ turns: [turn] }).facts.map(({ quote }) => quote)
}

it.for([
  'standup moved to 10',
  'upgraded prod to 16 over the weekend',
  'quit the band, no time anymore',
  'they rebooked me on BA179 same day, 18:05',
  'they cut the travel budget to 32k this morning',
  'Kim got promoted',
  'The mayor of Porto is Anna’s uncle.',
  'Siemens moved its headquarters to Munich.',
  'Bitcoin is 30 % of the portfolio.',
  'my subscription expired',
  'the offer fell through :/',
  'Kofi has left the company',
  'Lena ist jetzt nach Wien gezogen.',
  'a Pablo lo echaron del banco',
  'Барон умер вчера',
  'Jonas har flyttat till Malmö',
  'Ali işten çıkarıldı',
  '祖母が亡くなりました',
])('what became of something is kept: %s', (text) => {
  expect(kept(text)).toEqual([text])
})

it.for([
  'The build got cancelled again',
  'got an error after I upgraded react to 19',
  'upgraded numpy to 2.0 and now it crashes',
  'the request was rejected by the server',
  'they raised an exception in the parser',
  'Did the standup get moved to 10?',
  'Einstein died in 1955',
  'Google laid off 12,000 people',
  'Bitcoin lost 30 % of its value',
  'Google laid off 10% of the staff.',
  'The ECB sold 10% of the portfolio.',
  'The mayor of Chicago decided to close three schools.',
  'Apple has moved production to India',
  'In the movie the hero quit his job',
  'Die Datei wurde verschoben',
  'The column was renamed to user_id',
  'joined the two tables',
  'maybe the standup moved to 10',
  'the offer almost fell through',
  'the goroutine died',
  'the div got moved',
  'switched to main',
  'moved to utils.ts',
  'renewed my cert',
  'my character died again',
  'the grass was cut',
  'changed my shirt',
  'they moved my chair',
  'Kim wanted to be promoted',
  'Kim got promoted, just kidding',
  'Hat Lena geheiratet',
  'Sag ihm, dass das Meeting verschoben ist',
  'Le bouton est déplacé',
  'als het feest is afgelast bel ik je',
  '帮我写封邮件说会议取消了',
])('what is of the moment, of the world or a guess is not: %s', (text) => {
  expect(kept(text)).toEqual([])
})
