import { expect, it } from 'vitest'
import { timesIn } from '../../../../../../shared/memory/search/times/query-times.ts'
import { cpuMsOf } from '../../../../../helpers/cpu-time.ts'

/** A Wednesday. */
const NOW = new Date('2026-03-18T15:00:00Z')
const named = (query: string) =>
  timesIn(query, NOW).map(({ from, to }) => `${from.toISOString().slice(0, 10)}..${to.toISOString().slice(0, 10)}`)

it.each([
  ['what did we do yesterday?', '2026-03-17..2026-03-18'],
  ['the day before yesterday', '2026-03-16..2026-03-17'],
  ['What is planned for tonight', '2026-03-18..2026-03-19'],
  ['last week', '2026-03-09..2026-03-16'],
  ['this weekend', '2026-03-21..2026-03-23'],
  ['last month', '2026-02-01..2026-03-01'],
  ['last year', '2025-01-01..2026-01-01'],
  ['two weeks ago', '2026-03-01..2026-03-08'],
  ['3 days ago', '2026-03-15..2026-03-16'],
  ['in the last 10 days', '2026-03-08..2026-03-19'],
  ['over the past month', '2026-02-18..2026-03-19'],
  ['on Monday', '2026-03-16..2026-03-17'],
  ['what is due by Friday', '1926-01-01..2026-03-21'],
  ['the week before last', '2026-03-02..2026-03-09'],
  ['the month after next', '2026-05-01..2026-06-01'],
  ['on Wednesday', '2026-03-11..2026-03-12'],
  ['on 7 May 2023', '2023-05-07..2023-05-08'],
  ['what did we eat on 2 May with Anna', '2025-05-02..2025-05-03'],
  ['from 3 to 4 May we met', '2025-05-03..2025-05-05'],
  ['May 7th, 2023', '2023-05-07..2023-05-08'],
  ['the 1st of Feb. 2024', '2024-02-01..2024-02-02'],
  ['in May 2023', '2023-05-01..2023-06-01'],
  ['in 2023', '2023-01-01..2024-01-01'],
  ['2023-05-07', '2023-05-07..2023-05-08'],
  ['2023-05', '2023-05-01..2023-06-01'],
  ['tomorrow', '2026-03-19..2026-03-20'],
  ['next week', '2026-03-23..2026-03-30'],
  ['next weekend', '2026-03-28..2026-03-30'],
  ['in the first half of 2024', '2024-01-01..2024-07-01'],
  ['in H2 of last year', '2025-07-01..2026-01-01'],
  ['what did we ship in Q3 last year?', '2025-07-01..2025-10-01'],
  ['in the autumn of 2024', '2024-09-01..2024-12-01'],
  ['where were we last winter', '2025-12-01..2026-03-01'],
  ['next summer', '2026-06-01..2026-09-01'],
  ['two weekends ago', '2026-03-07..2026-03-09'],
  ['in the last 36 hours', '2026-03-16..2026-03-19'],
  ['in the past fortnight', '2026-03-04..2026-03-19'],
  ['a couple of months ago', '2026-01-03..2026-02-03'],
  ['by the end of the year', '1926-01-01..2027-01-01'],
  ['in the 1990s', '1990-01-01..2000-01-01'],
  ['2026-W02', '2026-01-05..2026-01-12'],
  ['in week 12', '2026-03-16..2026-03-23'],
  ['Was war in KW 11?', '2026-03-09..2026-03-16'],
  ['on Christmas Eve 2024', '2024-12-24..2024-12-25'],
  ['at Christmas 2024', '2024-12-24..2024-12-27'],
  ['What did we do from 3 to 9 November?', '2025-11-03..2025-11-10'],
  ['vom 3. bis 9. November', '2025-11-03..2025-11-10'],
  ['del 3 al 9 de noviembre', '2025-11-03..2025-11-10'],
  ['du 28 juin au 2 juillet 2025', '2025-06-28..2025-07-03'],
  ['November 3-9, 2024', '2024-11-03..2024-11-10'],
  ['с 3 по 9 ноября', '2025-11-03..2025-11-10'],
  ['11月3日から9日まで', '2025-11-03..2025-11-10'],
  ['from 28 December to 3 January', '2025-12-28..2026-01-04'],
  ['from March to May 2025', '2025-03-01..2025-06-01'],
  ['Which talks were there between Monday and Wednesday?', '2026-03-16..2026-03-19'],
  ['from Tuesday to Friday last week', '2026-03-10..2026-03-14'],
  ['zwischen Dienstag und Freitag', '2026-03-17..2026-03-21'],
  ['со вторника по пятницу', '2026-03-17..2026-03-21'],
  ['周二到周五', '2026-03-17..2026-03-21'],
  ['am 3. November', '2025-11-03..2025-11-04'],
  ['le 3 novembre', '2025-11-03..2025-11-04'],
  ['What did we do at Easter?', '2025-04-18..2025-04-22'],
  ['an Ostern 2024', '2024-03-29..2024-04-02'],
  ['next Easter Monday', '2026-04-06..2026-04-07'],
  ['la Semana Santa de 2024', '2024-03-24..2024-04-01'],
  ['на Пасху 2024', '2024-05-03..2024-05-07'],
  ['an Weihnachten', '2025-12-24..2025-12-27'],
  ['Noël dernier', '2025-12-24..2025-12-27'],
  ['クリスマスイブ', '2025-12-24..2025-12-25'],
  ['an Silvester', '2025-12-31..2026-01-01'],
  ['Thanksgiving 2024', '2024-11-28..2024-11-29'],
  ['2025年春节', '2025-01-29..2025-02-01'],
  ['春节2025', '2025-01-29..2025-02-01'],
  ['during Ramadan 2025', '2025-03-01..2025-03-31'],
  ['Hanukkah 2024', '2024-12-26..2025-01-03'],
  ['before Halloween', '1926-01-01..2025-10-31'],
  ['Was haben wir vergangenes Wochenende gemacht?', '2026-03-14..2026-03-16'],
  ['les plans du week-end prochain', '2026-03-28..2026-03-30'],
  ['¿Qué hicimos el verano pasado?', '2025-06-01..2025-09-01'],
  ['o próximo fim de semana', '2026-03-28..2026-03-30'],
  ["dove eravamo l'autunno scorso", '2025-09-01..2025-12-01'],
  ['vorige zomer', '2025-06-01..2025-09-01'],
  ['zeszłej jesieni', '2025-09-01..2025-12-01'],
  ['прошлым летом', '2025-06-01..2025-09-01'],
  ['geçen yaz nereye gittim', '2025-06-01..2025-09-01'],
  ['下个季度', '2026-04-01..2026-07-01'],
  ['去年秋天我去了哪里', '2025-09-01..2025-12-01'],
  ['来週末の予定', '2026-03-28..2026-03-30'],
  ['지난 분기', '2025-10-01..2026-01-01'],
  ['पिछली तिमाही', '2025-10-01..2026-01-01'],
  ['l’été 2023', '2023-06-01..2023-09-01'],
  ['in 3 days', '2026-03-21..2026-03-22'],
  ['in Q1 2024', '2024-01-01..2024-04-01'],
  ['second quarter of 2025', '2025-04-01..2025-07-01'],
  ['what have I eaten since two weeks', '2026-03-04..2026-03-19'],
  ['Was esse ich seit drei Tagen?', '2026-03-15..2026-03-19'],
  ['Seit einem Monat lerne ich was?', '2026-02-18..2026-03-19'],
  ['Que fais-je depuis deux semaines ?', '2026-03-04..2026-03-19'],
  ['¿Qué como desde hace 2 años?', '2024-03-18..2026-03-19'],
  ['Cosa mangio da due settimane?', '2026-03-04..2026-03-19'],
  ['Wat eet ik sinds vijf dagen?', '2026-03-13..2026-03-19'],
  ['Co jem od dwóch tygodni?', '2026-03-04..2026-03-19'],
  ['Что я ем уже две недели?', '2026-03-04..2026-03-19'],
  ['İki haftadır ne yiyorum?', '2026-03-04..2026-03-19'],
  ['两周以来我吃了什么', '2026-03-04..2026-03-19'],
  ['この二週間何を食べた？', '2026-03-04..2026-03-19'],
  ['2주 전부터 뭐 먹어?', '2026-03-04..2026-03-19'],
  ['ماذا آكل منذ أسبوعين؟', '2026-03-04..2026-03-19'],
  ['दो हफ़्ते से मैं क्या खा रहा हूँ?', '2026-03-04..2026-03-19'],
  ['since 2023', '2023-01-01..2026-03-19'],
  ['since May', '2025-05-01..2026-03-19'],
  ['before May 2024', '1926-01-01..2024-05-01'],
  ['after 2024-02-01', '2024-02-02..2126-01-01'],
  ['until tomorrow', '1926-01-01..2026-03-20'],
  ['between May 2023 and July 2023', '2023-05-01..2023-08-01'],
  ['between August 11 and August 15 2023', '2023-08-11..2023-08-16'],
  ['7.5.2023', '2023-05-07..2023-05-08'],
  ['25/04/2025', '2025-04-25..2025-04-26'],
  ['am 7. Mai 2023', '2023-05-07..2023-05-08'],
  ['el 7 de mayo de 2023', '2023-05-07..2023-05-08'],
  ['7 мая 2023 года', '2023-05-07..2023-05-08'],
  ['2023年5月7日', '2023-05-07..2023-05-08'],
])('%s', (query, span) => {
  expect(named(query)).toEqual([span])
})

it('a day or month without a year is the last one, and which other years it may be of', () => {
  expect(named('what did she do in May')).toEqual(['2025-05-01..2025-06-01'])
  const [may] = timesIn('in May', NOW)
  expect(may?.otherYears?.map(({ from }) => from.getUTCFullYear()).slice(0, 3)).toEqual([2026, 2024, 2023])
  expect(named('on 29 February')).toEqual(['2024-02-29..2024-03-01'])
})

it.each([
  'may I ask?',
  'apples between 3 and 9',
  '10 out of 12',
  'from 1 to 2 or 3',
  'oysters and pastures',
  'Rosa is natalie',
  'we march on',
  'the dayglo yesterdays of mayors',
  '31 February 2026',
  '2026-13-01 and 2026-02-30',
  'you and may I',
  'version 3.4.5 of 10.1.2.3',
  '',
  '12345 things',
  'who is Noel Gallagher',
  'phone of Noël Coward',
  'I had an epiphany',
  'Ascension Health',
  'had a good Friday',
  'an easter egg in the app',
  'phase 2 may break',
  'version 3 to 4 may fail',
  'ratio 3-4 dec places',
  'step 3 may also work',
])('%s names no time', (query) => {
  expect(named(query)).toEqual([])
})

it('a feast is the last one or the next, and one of a year each time that it falls on it', () => {
  const [last] = timesIn('last Christmas', NOW)
  expect(last?.from.getUTCFullYear()).toBe(2025)
  expect(last?.otherYears?.map(({ from }) => from.getUTCFullYear()).slice(0, 2)).toEqual([2024, 2023])
  expect(named('next Christmas')).toEqual(['2026-12-24..2026-12-27'])
  expect(named('Ramadan 2030')).toEqual(['2030-01-05..2030-02-04', '2030-12-26..2031-01-25'])
  expect(named('Yom Kippur 2026')).toEqual(['2026-09-21..2026-09-22'])
})

it('a time before a day is that, and the day on which it was told', () => {
  expect(named('the week before August 3, 2023')).toEqual(['2023-07-27..2023-08-03', '2023-08-03..2023-08-04'])
  expect(named('on the Sunday before 25 October 2022')).toEqual(['2022-10-23..2022-10-24', '2022-10-25..2022-10-26'])
})

it.each([
  ['Wo war ich vorgestern?', '2026-03-16..2026-03-17'],
  ['Was haben wir letzten Monat gekauft?', '2026-02-01..2026-03-01'],
  ['Was gilt seit Februar?', '2026-02-01..2026-03-19'],
  ['Qui ai-je vu avant-hier ?', '2026-03-16..2026-03-17'],
  ['jusqu’au 4 avril 2025', '1926-01-01..2025-04-05'],
  ['¿Con quién comí hace tres días?', '2026-03-15..2026-03-16'],
  ['después de 2024', '2025-01-01..2126-01-01'],
  ['O que comprei ontem?', '2026-03-17..2026-03-18'],
  ['prima di ieri', '1926-01-01..2026-03-17'],
  ['Wie belde mij vorig jaar?', '2025-01-01..2026-01-01'],
  ['Kogo spotkałam przedwczoraj?', '2026-03-16..2026-03-17'],
  ['после 7 мая 2025', '2025-05-08..2126-01-01'],
  ['Geçen yıl nerede çalıştım?', '2025-01-01..2026-01-01'],
  ['上周一谁来了？', '2026-03-09..2026-03-10'],
  ['三天前', '2026-03-15..2026-03-16'],
  ['おとといから', '2026-03-16..2026-03-19'],
  ['지난달에 뭘 샀지?', '2026-02-01..2026-03-01'],
  ['ماذا اشتريت الشهر الماضي؟', '2026-02-01..2026-03-01'],
  ['पाँच दिन पहले कौन आया?', '2026-03-13..2026-03-14'],
  ['O que ganhei no Natal?', '2025-12-24..2025-12-27'],
  ['natal de 2023', '2023-12-24..2023-12-27'],
  ['pranzo di Natale', '2025-12-24..2025-12-27'],
  ['cadeaux de Noël', '2025-12-24..2025-12-27'],
  ['Wo war ich an Silvester?', '2025-12-31..2026-01-01'],
  ['w sylwestra', '2025-12-31..2026-01-01'],
  ['en Reyes', '2026-01-06..2026-01-07'],
  ['met Pasen', '2025-04-18..2025-04-22'],
  ["pont de l'Ascension", '2025-05-29..2025-05-30'],
  ['le 2 mai avec Anna', '2025-05-02..2025-05-03'],
  ['am 2. Mai gemacht', '2025-05-02..2025-05-03'],
  ['in den letzten zwei Tagen', '2026-03-16..2026-03-19'],
  ['durante las últimas dos semanas', '2026-03-04..2026-03-19'],
  ['les deux derniers mois', '2026-01-18..2026-03-19'],
  ['de voorbije vier dagen', '2026-03-14..2026-03-19'],
  ['son iki hafta', '2026-03-04..2026-03-19'],
  ['w ostatnich dwóch tygodniach', '2026-03-04..2026-03-19'],
  ['in den nächsten zwei Wochen', '2026-03-18..2026-04-02'],
  ['les trois prochains jours', '2026-03-18..2026-03-22'],
  ['durante los próximos dos meses', '2026-03-18..2026-05-19'],
  ['в ближайшие три дня', '2026-03-18..2026-03-22'],
  ['önümüzdeki iki hafta', '2026-03-18..2026-04-02'],
  ['接下来三天', '2026-03-18..2026-03-22'],
  ['3 minggu terakhir', '2026-02-25..2026-03-19'],
  ['im zweiten Quartal 2024', '2024-04-01..2024-07-01'],
  ['au 1er trimestre 2025', '2025-01-01..2025-04-01'],
  ['за второй квартал 2025 года', '2025-04-01..2025-07-01'],
  ['2024年第四四半期', '2024-10-01..2025-01-01'],
  ['الربع الثاني من 2025', '2025-04-01..2025-07-01'],
  ['vorletzten Monat', '2026-01-01..2026-02-01'],
  ['на позапрошлой неделе', '2026-03-02..2026-03-09'],
  ['下下周', '2026-03-30..2026-04-06'],
  ['再来週', '2026-03-30..2026-04-06'],
  ['zwischen Januar und Februar 2025', '2025-01-01..2025-03-01'],
  ['从2025年8月以来', '2025-08-01..2026-03-19'],
  ["Ekim 2025'ten beri", '2025-10-01..2026-03-19'],
  ['na semana passada', '2026-03-09..2026-03-16'],
  ['a reunião da semana passada', '2026-03-09..2026-03-16'],
  ['gestern Morgen', '2026-03-17..2026-03-18'],
  ['esta mañana', '2026-03-18..2026-03-19'],
  ['mañana por la mañana', '2026-03-19..2026-03-20'],
  ['stasera', '2026-03-18..2026-03-19'],
  ['今晩', '2026-03-18..2026-03-19'],
  ['anoche', '2026-03-17..2026-03-19'],
])('%s, in another language, names its days', (query, expected) => {
  expect(named(query)).toEqual([expected])
})

it.each([
  'Was war das?',
  'entre 2020 y 2022',
  'zwischen März und Mai',
  '接近三年级',
  'другой квартал',
  'wer wohnt hier',
  'buenos días a todos',
  'il do di petto',
  'ночь на дворе',
  '日本の料理',
  'do we have a plan',
  'Qual é a minha cidade natal?',
  'paese natale di Anna',
  'el señor Reyes',
  'Silvester Stallone',
  'que pasen los datos',
  'ist Oster im Team',
  'Julen Lopetegui',
  'tuve una epifanía',
  'la ascensión al Everest',
  'ik had een goede week',
  'isla de Pascua',
  'optie 2 mag weg',
  'Spiel 3-4 mag gut sein',
  'die letzten zwei Kapitel',
  'los últimos tres libros',
  'son durak nerede',
  'die nächsten zwei Kapitel',
  'le deuxième trimestre de grossesse',
  "l'avant-dernière page",
  'cada mañana corro',
  'jeden Morgen',
  'na mesa da sala',
  '最近的车站',
])('%s, in another language, names no time', (query) => {
  expect(named(query)).toEqual([])
})

it('what has two readings is both', () => {
  expect(named('on 03/04/2025')).toEqual(['2025-04-03..2025-04-04', '2025-03-04..2025-03-05'])
  expect(named('next Friday')).toEqual(['2026-03-20..2026-03-21', '2026-03-27..2026-03-28'])
})

it('days are those of the time zone, also where clocks change', () => {
  const at = new Date('2026-03-02T02:30:00Z')
  const momentsIn = (zone: string, now = at) =>
    timesIn('yesterday', now, zone).map(({ from, to }) => [from.toISOString(), to.toISOString()])
  expect(momentsIn('America/Los_Angeles')).toEqual([['2026-02-28T08:00:00.000Z', '2026-03-01T08:00:00.000Z']])
  expect(momentsIn('Asia/Kolkata')).toEqual([['2026-02-28T18:30:00.000Z', '2026-03-01T18:30:00.000Z']])
  expect(momentsIn('Europe/Berlin', new Date('2026-03-30T12:00:00Z'))).toEqual([
    ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ])
})

it('a long query of dates takes no long time', async () => {
  const take = () => {
    for (const part of ['may ', '1/1/', 'in 3 days ', '2023-', 'a'])
      expect(timesIn(part.repeat(4_000 / part.length), NOW).length).toBeLessThanOrEqual(32)
  }
  expect(await cpuMsOf(take)).toBeLessThan(2_000)
})
