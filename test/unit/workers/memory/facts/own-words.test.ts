import { describe, expect, test } from 'vitest'
import { foreignShare, foreignSpans } from '../../../../../workers/memory/facts/own-words.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

const FOREIGN = 'I moved to Ghent'
const isForeign = (message: string, piece = FOREIGN) => {
  const start = message.indexOf(piece)
  return foreignShare({ start, end: start + piece.length }, foreignSpans(message, 'Maya')) > 0.5
}

describe('somebody else’s words', () => {
  test.each([
    ['a mail', `Look:\nFrom: Anna\nTo: Maya\nSubject: Hi\n\n${FOREIGN} last week.`],
    ['a Dutch mail', `Kijk:\nVan: Anna\nAan: Maya\nOnderwerp: Hoi\n\n${FOREIGN} last week.`],
    ['a Japanese mail', `差出人: Anna\n件名: 近況\n\n${FOREIGN}.`],
    ['a Swedish mail', `Se här:\nFrån: Olle\nTill: Maya\nÄmne: nytt\n\n${FOREIGN}.`],
    ['a Ukrainian mail', `Від: Остап\nНадіслано: 2 березня\n\n${FOREIGN}.`],
    ['a Hindi mail', `प्रेषक: राज\nप्राप्तकर्ता: माया\n\n${FOREIGN}.`],
    ['a scene', `INT. KITCHEN - NIGHT\n\nMARA\nHush. ${FOREIGN}.`],
    ['a text with its language', `In Czech please: ${FOREIGN}.`],
    ['a text with its language in German', `Auf Deutsch bitte: ${FOREIGN}.`],
    ['words behind another sentence', `I am writing a play. My heroine says: ${FOREIGN}.`],
    ['a dream', `It was late. Last night I dreamt that ${FOREIGN}.`],
    ['a dream told last', `昨夜、${FOREIGN}という夢を見た。`],
    ['a mail with Danish fields', `Fra: Anna\nTil: Tom\nEmne: Tur\n\n${FOREIGN}.`],
    ['a mocked joy', `Oh great, I just love being told that ${FOREIGN}.`],
    ['rolled eyes', `I so enjoy being told that ${FOREIGN} 🙄`],
    ['a Romanian assumption', `Dacă aș sta acolo, ${FOREIGN}.`],
    ['an answered mail', `-----Original Message-----\n${FOREIGN}.`],
    ['a forwarded mail', `---------- Forwarded message ---------\n${FOREIGN}.`],
    ['a quoted mail', `On Tue, 3 Mar 2026 Ben Ho wrote:\n\n${FOREIGN}.`],
    ['a German quoted mail', `Am 8. März 2026 schrieb Anna:\n${FOREIGN}.`],
    ['a French quoted mail', `Le 8 mars 2026, Anna a écrit :\n${FOREIGN}.`],
    ['WhatsApp', `08/03/2026, 10:15 - Anna: ${FOREIGN}.`],
    ['WhatsApp of iOS', `[3/8/26, 10:15:02 AM] Anna: ${FOREIGN}.`],
    ['IRC', `<anna> ${FOREIGN}.`],
    ['Slack', `Tom 9:14 AM\nhello\nEva 9:15 AM\n${FOREIGN}.`],
    ['a list of speakers', `Tom: hello there\nAnna: ${FOREIGN}.`],
    ['a quotation', `Anna wrote me "${FOREIGN} last week."`],
    ['a nested quotation', `Maya said: "Anna said: "${FOREIGN} now."" I see.`],
    ['guillemets', `Anna a dit : « ${FOREIGN}. »`],
    ['corner brackets', `アンナは「${FOREIGN}」と言った。`],
    ['a translation', `Translate into Portuguese: ${FOREIGN}.`],
    ['a text to correct', `Can you proofread this?\n${FOREIGN}.`],
    ['a German task', `Übersetze das ins Englische: ${FOREIGN}.`],
    ['a Chinese task', `请翻译成英文：${FOREIGN}`],
    ['a story', `Write a short story that begins with: ${FOREIGN}.`],
    ['a role', `Imagine you are a baker and say that ${FOREIGN}.`],
    ['a letter', `My draft:\nDear Sir,\n\n${FOREIGN}.\n\nKind regards,\nJ. Roy`],
    ['code', `\`\`\`\n${FOREIGN}\n\`\`\``],
    ['words after a colon', `Here is what my ex texted me: ${FOREIGN} and hates it.`],
    ['words after a colon in German', `Meine Chefin schreibt mir: ${FOREIGN}.`],
    ['an assumption', `How about taxes? Let's say ${FOREIGN} and earn 5,000.`],
    ['all of an assumption', `Suppose I am 65. ${FOREIGN}. What do I pay?`],
    ['a Spanish assumption', `Supongamos que ${FOREIGN}.`],
    ['a Czech assumption', `Řekněme, že ${FOREIGN}.`],
    ['a scene', `Imagine the following scene:\n\n${FOREIGN}.`],
    ['a dream', `In my dream ${FOREIGN}.`],
    ['a condition', `If ${FOREIGN} I would cycle.`],
    ['a German condition', `Wenn ${FOREIGN} würde, gern.`],
    ['a joke', `${FOREIGN}, just kidding.`],
    ['a joke that is told behind', `${FOREIGN}. Kidding!`],
    ['a Chinese joke', `${FOREIGN}，开玩笑的。`],
    ['a document', `As the onboarding guide puts it in the docs: ${FOREIGN}.`],
    ['a bug report', `Here is the bug report we got:\nHello there,\n\n${FOREIGN} and cannot log in.`],
    ['a review', `A one-star review: ${FOREIGN}, never again.`],
    ['a German contract', `Im Vertrag steht nur der Kommentar: ${FOREIGN}.`],
    ['a Spanish poem', `El poema empieza así: ${FOREIGN}.`],
    ['a Japanese example', `例文：${FOREIGN}`],
    ['a transcript', `assistant: Where to?\nuser: ${FOREIGN}`],
    ['an interview', `Interviewer: And then?\nCandidate: ${FOREIGN}.`],
    ['a Russian transcript', `Пользователь: ${FOREIGN}\nАссистент: Понятно.`],
    ['a person’s own page', `Her bio: ${FOREIGN}.`],
    ['a Swedish message', `Min bror skrev: ${FOREIGN}.`],
    ['a Vietnamese message', `Mẹ tôi nhắn: ${FOREIGN}.`],
    ['a Hebrew message', `אמא שלי כתבה: ${FOREIGN}.`],
    ['a question about a sentence', `How would you say in Thai: ${FOREIGN}?`],
    ['a film', `In the film I am a spy. ${FOREIGN}.`],
    ['a French novel', `Dans mon roman, ${FOREIGN}.`],
    ['a user story', `As a returning customer, I say that ${FOREIGN}.`],
    ['a text to judge', `Thoughts on this?\n${FOREIGN}.`],
    ['sarcasm', `Oh great, another reason why ${FOREIGN}.`],
    ['a text between marks', `"""\n${FOREIGN}\n"""`],
  ])('%s', (_, message) => {
    expect(isForeign(message)).toBe(true)
  })
})

describe('own words', () => {
  test.each([
    ['a statement', `${FOREIGN} last week.`],
    ['beside a quotation', `Anna said "that is great news for us all". ${FOREIGN} in May.`],
    ['with the own name', `Maya: ${FOREIGN}.`],
    ['below a label', `Update: ${FOREIGN}.`],
    ['an agenda', `Lunch at 12:30\n${FOREIGN}.`],
    ['with one field', `From: now on\n${FOREIGN}.`],
    ['after a joke', `I am a ghost, just kidding. ${FOREIGN}.`],
    ['kidding aside', `Kidding aside, ${FOREIGN}.`],
    ['what the speaker says', `As I said: ${FOREIGN}.`],
    ['just said', `Just to say: ${FOREIGN}.`],
    ['a condition that may hold', `If I eat nuts I get ill. ${FOREIGN}.`],
    ['under an own heading', `My plan for the blog: ${FOREIGN}.`],
    ['a long story', `Long story short: ${FOREIGN}.`],
    ['an example of one’s own', `I change often, for example: ${FOREIGN}.`],
    ['beside one role', `Support: please note.\n\n${FOREIGN}.`],
    ['with a journey above', `Fra: Odense\nTil: Aarhus\n\n${FOREIGN}.`],
    ['with two fields of a form', `Aihe: matikka\nLähettäjä: minä\n${FOREIGN}.`],
    ['behind stars', `⭐⭐⭐ ${FOREIGN}.`],
    ['behind a language', `En français: ${FOREIGN}.`],
    ['behind an extension', `EXT. Phone is 204, ${FOREIGN}.`],
    ['with an annoyed aside', `I love it that ${FOREIGN}, but my boss 🙄`],
    ['behind a friendly word in Dutch', `Leuk hoor, ik ben gek op honden, ${FOREIGN}.`],
    ['after a dream that came true', `Siempre he soñado que lo haría, y ahora ${FOREIGN}.`],
    ['never dreamt of', `Мне и не снилось это, ${FOREIGN}.`],
    ['asked for politely', `Dacă aș putea alege, ceai, ${FOREIGN}.`],
    ['after a dream of something', `I dreamt of becoming a pilot. ${FOREIGN}.`],
    ['annoyed', `Na toll, die Grippe. ${FOREIGN} 🙄`],
    ['glad', `Oh great, I love tea, and ${FOREIGN}.`],
    ['before what somebody said', `${FOREIGN}. My sister said: I stay in Rome.`],
    ['about a class', `In English class: ${FOREIGN}.`],
    ['with one field', `Till: midnight\n${FOREIGN}.`],
    ['sure', `Ага, конечно, ${FOREIGN}.`],
    ['after sarcasm', `Oh great, another meeting. ${FOREIGN}.`],
    ['beside a question', `What do you think of this? ${FOREIGN} last week.`],
    ['beside a short question', `Thoughts on this? ${FOREIGN}.`],
    ['after a task', `Translate "hello" into Czech.\n\n${FOREIGN}.`],
  ])('%s', (_, message) => {
    expect(isForeign(message)).toBe(false)
  })

  test('a title is nobody’s statement', () => {
    expect(foreignSpans('I love "One Hundred Years of Solitude" and "Blade Runner".')).toEqual([])
  })
})

test.each([
  '"',
  '„',
  'Anna: ',
  '[10:15] Anna: x\n',
  '> \n',
  'On 3 wrote:\n',
  'Dear A,\n',
  '``` \n',
  'From: a\n',
  'Say I ',
  'jk ',
  'if I go ',
  'user: x\n',
  'the ticket: ',
  'oh great, I love being ',
  'a. says: ',
  '★★★\n',
])('any number of %j takes linear time', async (piece) => {
  const message = piece.repeat(Math.floor(60_000 / piece.length))
  expect(await cpuMsOf(() => foreignSpans(message, 'Maya'))).toBeLessThan(2_000)
})
