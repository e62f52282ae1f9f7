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

test.each([
  ['The fair is on 7 June.', '2026-06-07'],
  ['We sold the van on 12 January.', '2026-01-12'],
  ['I have lived here since 3 February.', '2026-02-03'],
  ['The hearing takes place on 15/04/2026.', '2026-04-15'],
  ['My deadline has been moved to 10 June.', '2026-06-10'],
  ['Die Abgabe wurde auf den 10. Juni verschoben.', '2026-06-10'],
  ["L'examen a lieu le 12 juin.", '2026-06-12'],
  ["J'ai un concert le 12 juin.", '2026-06-12'],
  ['Il y a un concert le 12 juin.', '2026-06-12'],
  ['Ho un appuntamento il 7 giugno.', '2026-06-07'],
  ['Estaré allí el 7 de junio.', '2026-06-07'],
  ['O museu abre em 7 de junho.', '2026-06-07'],
  ['Estou de férias em 7 de junho.', '2026-06-07'],
  ['Jag har ett möte den 7 juni.', '2026-06-07'],
  ['Jeg har møte den 7. juni.', '2026-06-07'],
  ['On 12 January, we sold the van.', '2026-01-12'],
  ['Olga is getting married on 22 August.', '2026-08-22'],
  ['Am 7. Juni ziehen wir um.', '2026-06-07'],
  ['Am 14. Januar habe ich das Rad verkauft.', '2026-01-14'],
  ['Ich habe am 7. Juni einen Zahnarzttermin.', '2026-06-07'],
  ['Ik heb op 7 juni een afspraak.', '2026-06-07'],
  ['Jag har tandläkartid den 7 juni.', '2026-06-07'],
  ['Der Termin ist am 03.05.2026.', '2026-05-03'],
  ['El 7 de junio viajaré a Roma.', '2026-06-07'],
  ['El 20 de enero firmé el contrato.', '2026-01-20'],
  ["J'ai signé le bail le 10 février.", '2026-02-10'],
  ['Il 7 giugno ci trasferiamo a Bari.', '2026-06-07'],
  ['10 stycznia podpisałam umowę.', '2026-01-10'],
  ['7 июня мы переезжаем.', '2026-06-07'],
  ['10 января я купила лодку.', '2026-01-10'],
  ["10 Ocak'ta tekne aldım.", '2026-01-10'],
  ['我1月10日买了船。', '2026-01-10'],
  ['6月7日に引っ越します。', '2026-06-07'],
  ['1월 10일에 배를 샀어요.', '2026-01-10'],
  ['हम 7 मई को पुणे जा रहे हैं।', '2026-05-07'],
])('%s lies in the year that its tense says: %s', (sentence, day) => {
  expect(dayNamed(sentence, TODAY)).toBe(day)
})

test.each([
  'My birthday is on 7 June.',
  'Ich bin am 7. Juni geboren.',
  'Send it by 7 June.',
  'Bis zum 7. Juni muss ich das abgeben.',
  'We work from 3 to 9 June.',
  'Vom 3. bis 9. Juni sind wir in Rom.',
  'We will be away June 3-9.',
  'We may march 7 km.',
  'The hearing is on 03/04/2026.',
  'Ich habe am 7. Juni geheiratet.',
  'Ik heb op 7 juni een huis gekocht.',
  'José llega el 7 de junio.',
  'Канал закрывается 7 июня.',
  'Наш отдел переезжает 7 июня.',
  'عندي بنت تتزوج في 7 يونيو',
  'Tickets bought, we see the show on 7 June.',
  'Firmé el contrato el 7 de diciembre.',
])('%s names no day of one year', (sentence) => {
  expect(dayNamed(sentence, TODAY)).toBeUndefined()
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
