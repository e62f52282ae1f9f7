import { describe, expect, test } from 'vitest'
import { dayNamed, withDates } from '../../../../../../workers/memory/facts/dates/fact-dates.ts'
import { datesNamedIn } from '../../../../../../workers/memory/facts/dates/named-dates.ts'
import { isToldLater } from '../../../../../../workers/memory/facts/dates/told-later.ts'

/** A Wednesday. */
const TODAY = new Date('2026-03-04T10:00:00Z')

test.each([
  ['The meeting is on Friday.', '2026-03-06'],
  ['My exam is on Tuesday.', '2026-03-10'],
  ['I fly to Rome on Monday.', '2026-03-09'],
  ['I have a dentist appointment on Thursday.', '2026-03-05'],
  ['We had lunch on Monday.', '2026-03-02'],
  ['The shop is closed on Sunday.', undefined],
  ['It is on the last Friday of each month.', undefined],
  ['大前天我去了医院。', '2026-03-01'],
])('%s names %s', (sentence, day) => {
  expect(dayNamed(sentence, TODAY)).toBe(day)
})

describe('names, titles and parts of words are no dates', () => {
  test.each([
    'I read USA Today each morning.',
    'I work at Tomorrow Foods.',
    'My favourite song is "Yesterday" by the Beatles.',
    'Ich lese die Zeitschrift Heute.',
    '用户的女儿叫明日香。',
    '我以前天天跑步。',
    '今日子は私の友達です。',
    '저는 오늘의집에서 일해요.',
  ])('%s', (sentence) => {
    expect(withDates(sentence, TODAY)).toBe(sentence)
    expect(dayNamed(sentence, TODAY)).toBeUndefined()
  })
})

test.each([
  ['I was born on 14 February 2020.', '2020-02-14'],
  ['I graduated in May 2018.', '2018-05'],
  ['Ich bin am 3. Mai 1990 geboren.', '1990-05-03'],
  ['Nací el 3 de mayo de 1990.', '1990-05-03'],
  ['Je suis né le 1er août 1990.', '1990-08-01'],
  ['Urodziłem się 3 maja 1990 roku.', '1990-05-03'],
  ['Я родился 3 мая 1990 года.', '1990-05-03'],
  ['我出生于1990年5月3日。', '1990-05-03'],
  ['1990년 5월에 태어났어요.', '1990-05'],
  ['I live here since 2019.', '2019'],
  ['The release is on 2026-04-01.', '2026-04-01'],
])('%s names %s', (sentence, date) => {
  expect(datesNamedIn(sentence).map((one) => one.date)).toEqual([date])
})

test.each([
  'It costs 2000 euros.',
  'I ran in 2019 steps.',
  'Room 1999 is free.',
  'Version 2024.1 is out.',
  '2026-13-40',
])('no date: %s', (sentence) => {
  expect(datesNamedIn(sentence)).toEqual([])
})

test.each([
  ['In 2010 I lived in Rome.', true],
  ['When I was twelve I lived in Cairo.', true],
  ['Years ago I worked at Nokia.', true],
  ['Früher habe ich in Bonn gewohnt.', true],
  ['Antes vivía en Quito, hace diez años.', true],
  ['Раньше я жил в Омске.', true],
  ['我小时候住在西安。', true],
  ['I live here since 2019.', false],
  ['I moved to Porto last week.', false],
  ['我从2019年起住在杭州。', false],
])('%s is told later: %s', (sentence, isLater) => {
  expect(isToldLater(sentence, TODAY)).toBe(isLater)
})
