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
    ['after a task', `Translate "hello" into Czech.\n\n${FOREIGN}.`],
  ])('%s', (_, message) => {
    expect(isForeign(message)).toBe(false)
  })

  test('a title is nobody’s statement', () => {
    expect(foreignSpans('I love "One Hundred Years of Solitude" and "Blade Runner".')).toEqual([])
  })
})

test.each(['"', '„', 'Anna: ', '[10:15] Anna: x\n', '> \n', 'On 3 wrote:\n', 'Dear A,\n', '``` \n', 'From: a\n'])(
  'any number of %j takes linear time',
  async (piece) => {
    const message = piece.repeat(Math.floor(60_000 / piece.length))
    expect(await cpuMsOf(() => foreignSpans(message, 'Maya'))).toBeLessThan(2_000)
  },
)
