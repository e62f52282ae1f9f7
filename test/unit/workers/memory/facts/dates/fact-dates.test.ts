import { describe, expect, test } from 'vitest'
import { dayNamed, dependsOnDate, withDates } from '../../../../../../workers/memory/facts/dates/fact-dates.ts'

const day = (iso: string, time = '12:00') => new Date(`${iso}T${time}:00Z`)
/** A Tuesday. */
const TODAY = day('2026-03-31', '23:30')

describe('a day that has one reading', () => {
  test.each([
    ['I ran yesterday.', '2026-03-30'],
    ['I met her the day before yesterday.', '2026-03-29'],
    ['The tent comes the day after tomorrow.', '2026-04-02'],
    ['I met Leo last Tuesday.', '2026-03-24'],
    ['I met Leo last Wednesday.', '2026-03-25'],
    ['I meet Leo this coming Friday.', '2026-04-03'],
    ['I meet Leo next Friday.', '2026-04-10'],
    ['I met Leo on Friday.', '2026-03-27'],
    ['I will call Leo on Friday.', '2026-04-03'],
    ['We bought it three weeks ago.', '2026-03-10'],
    ["I'm moving in two weeks.", '2026-04-14'],
    ['The fair starts in 3 days.', '2026-04-03'],
    ['The exam is in a week’s time.', '2026-04-07'],
    ['I will call in ten days from now.', '2026-04-10'],
    ['Ich bin gestern umgezogen.', '2026-03-30'],
    ['Übermorgen ziehe ich um.', '2026-04-02'],
    ['Hier, je suis allée à la mer avec Léo.', '2026-03-30'],
    ['Avant-hier on a signé.', '2026-03-29'],
    ['Anteayer firmé el contrato.', '2026-03-29'],
    ['L’altro ieri ho firmato.', '2026-03-29'],
    ['Mudei-me ontem.', '2026-03-30'],
    ['Gisteren ben ik verhuisd.', '2026-03-30'],
    ['Pojutrze jadę do Gdyni.', '2026-04-02'],
    ['Позавчера я купила лодку.', '2026-03-29'],
    ['Dün taşındım.', '2026-03-30'],
    ['我前天搬家了。', '2026-03-29'],
    ['一昨日引っ越しました。', '2026-03-29'],
    ['어제 이사했어요.', '2026-03-30'],
    ['Morgen fahre ich nach Köln.', '2026-04-01'],
    ['Mañana firmo el contrato.', '2026-04-01'],
    ['Wir sehen uns nächsten Dienstag.', '2026-04-07'],
    ['Vor vier Tagen kam der Brief.', '2026-03-27'],
    ['Il y a deux semaines j’ai vendu le bateau.', '2026-03-17'],
    ['El sábado pasado corrí diez kilómetros.', '2026-03-28'],
    ['Cheguei há cinco dias.', '2026-03-26'],
    ['Torno tra tre giorni.', '2026-04-03'],
    ['Over vier dagen vertrek ik.', '2026-04-04'],
    ['Tydzień temu kupiłem rower.', '2026-03-24'],
    ['В прошлую среду я уехала.', '2026-03-25'],
    ['Altı gün önce geldim.', '2026-03-25'],
    ['我五天前回来了。', '2026-03-26'],
    ['来週の木曜日に出発します。', '2026-04-09'],
    ['지난주 토요일에 결혼했어요.', '2026-03-28'],
    ['وصلت قبل أربعة أيام.', '2026-03-27'],
    ['मैं चार दिन पहले लौटा।', '2026-03-27'],
    ['Am Freitag habe ich einen Termin.', '2026-04-03'],
    ['Jeudi j’ai un entretien chez un notaire.', '2026-04-02'],
    ['El lunes tengo una entrevista.', '2026-04-06'],
    ['Am Freitag muss ich zum Zahnarzt.', '2026-04-03'],
    ['El viernes es la boda.', '2026-04-03'],
    ['W piątek mam egzamin.', '2026-04-03'],
    ['På fredag har jag tenta.', '2026-04-03'],
    ['Vrijdag heb ik een examen.', '2026-04-03'],
    ['В субботу у нас свадьба.', '2026-04-04'],
    ['Perşembe günü randevum var.', '2026-04-02'],
    ['金曜日に面接があります。', '2026-04-03'],
    ['عندي موعد يوم الأحد.', '2026-04-05'],
  ])('%s', (sentence, expected) => {
    expect(dayNamed(sentence, TODAY)).toBe(expected)
    expect(withDates(sentence, TODAY)).toContain(`(${expected})`)
    expect(dependsOnDate(sentence)).toBe(true)
  })
})

test.each([
  // The clocks go on in Europe on 29 March, and back on 25 October.
  ['yesterday', day('2026-03-29', '00:30'), '2026-03-28'],
  ['tomorrow', day('2026-03-28', '23:59'), '2026-03-29'],
  ['a week ago', day('2026-11-01', '00:00'), '2026-10-25'],
  ['yesterday', day('2027-01-01', '00:00'), '2026-12-31'],
  ['tomorrow', day('2026-12-31', '23:59'), '2027-01-01'],
  ['last Friday', day('2027-01-01'), '2026-12-25'],
  ['tomorrow', day('2028-02-28'), '2028-02-29'],
  ['three days ago', day('2028-03-02'), '2028-02-28'],
  ['last month', day('2027-01-31'), '2026-12'],
  ['next month', day('2026-12-31'), '2027-01'],
  ['two months ago', day('2027-01-31'), '2026-11'],
  ['a year ago', day('2028-02-29'), '2027'],
])('%s, said at %s, is %s', (words, at, expected) => {
  expect(withDates(`It was ${words}.`, at)).toBe(`It was ${words} (${expected}).`)
})

describe('is left, and known to need its day', () => {
  test.each([
    'I wrote it in two weeks.',
    'I meet Leo on Friday.',
    'The shop is closed on Sunday.',
    'I met Leo on Tuesday.',
    'I was told that we will meet on Friday.',
    'We moved a few days ago.',
    'I move next week.',
    'Wir sehen uns nächsten Donnerstag.',
    'Ich schreibe das in vier Tagen.',
    'Am Freitag habe ich Training.',
    'Am Freitag habe ich meistens einen Termin.',
    'Am Freitag habe ich die Prüfung bestanden.',
    'El viernes aprobé el examen.',
    'В пятницу экзамен был лёгкий.',
    'Die Prüfung am Freitag lief gut.',
    'Am Freitag hab ich die Klausur verhauen.',
    'Alle zwei Wochen habe ich am Freitag einen Termin.',
    'Zweimal im Monat habe ich am Freitag einen Zahnarzttermin.',
    'Vendredi j’avais un examen.',
    'Mon examen de vendredi s’est bien passé.',
    'Un vendredi sur deux j’ai un rendez-vous chez le dentiste.',
    'El viernes tenía una cita con el dentista.',
    'Un viernes al mes tengo cita con el dentista.',
    'Venerdì esame superato.',
    'Vrijdag slaagde ik voor mijn examen.',
    'W piątek egzamin zdany!',
    'W piątek mam egzamin za sobą.',
    'В пятницу экзамен сдан.',
    'Каждую вторую пятницу у меня экзамен.',
    'Fredag dumpede jeg til eksamen.',
    'V pátek zkouška dopadla dobře.',
    '隔週の金曜日に試験があります。',
    '금요일에 시험을 봤어요.',
    '周五的面试很顺利。',
    'Am Dienstag habe ich einen Termin.',
    'В пятницу я лечу домой.',
    'La semana pasada firmé.',
    'On signe la semaine prochaine.',
    'Vorige week ben ik verhuisd.',
    'На прошлой неделе я переехала.',
    '我上周搬家了。',
    '先週引っ越しました。',
    'मैं कल दिल्ली गया।',
  ])('%s', (sentence) => {
    expect(dayNamed(sentence, TODAY)).toBeUndefined()
    expect(withDates(sentence, TODAY)).toBe(sentence)
    expect(dependsOnDate(sentence)).toBe(true)
  })
})

test.each([
  'Ich wohne hier.',
  'Jeden Montag schwimme ich.',
  'Corro por la mañana.',
  'In de morgen drink ik thee.',
  'Guten Morgen, ich bin Jana.',
  'Мой средний балл выше.',
  'Ik woon hier graag.',
  'I live in Lisbon.',
  'I read yesterday’s paper.',
  'My dog is called Ieriko.',
  'I ran on Friday nights.',
])('no day: %s', (sentence) => {
  expect([withDates(sentence, TODAY), dependsOnDate(sentence)]).toEqual([sentence, false])
})

test('two days, or no time at all, name no day', () => {
  expect(dayNamed('I ran yesterday and today.', TODAY)).toBeUndefined()
  expect(dayNamed('Ich war gestern und vorgestern da.', TODAY)).toBeUndefined()
  expect(withDates('I ran yesterday.', new Date(Number.NaN))).toBe('I ran yesterday.')
})
