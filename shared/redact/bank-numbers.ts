/** Owns which digits are the number of a payment card or a bank account: issuer, length and check digits must all fit. */

/** Digits in groups, as people write them; no decimal number and no part of a longer name. A card has twelve digits at least. */
const DIGIT_RUN = /(?<![\w.])(?=\d[\d ./·_-]{11})\d+(?:(?:[ -]|(?<=\d{4})[./·_](?=\d{4}(?!\d)))\d+)*(?![\w]|\.\d)/g
/** 4-4-4-4-3 has the most groups. */
const MAX_CARD_GROUPS = 5
const MAX_CARD_DIGITS = 19
/** Numbers in one run with a card's, as its date and its code; more make a row of a table, in which some fit by chance. */
const MAX_OTHER_GROUPS = 3
/** Issuers with the lengths of their numbers (ISO/IEC 7812-1): Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay. */
const CARD =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14,17}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|62\d{14,17})$/

type Span = readonly [start: number, end: number]

/** The places of payment card numbers in a text. */
export function* cardNumbersIn(text: string): Generator<Span> {
  for (const run of text.matchAll(DIGIT_RUN)) {
    if (isInHexTable(text, run)) continue
    const groups = [...run[0].matchAll(/\d+/g)]
    const cards: Span[] = []
    let others = groups.length
    for (let first = 0; first < groups.length; first += 1) {
      const count = cardGroupsAt(groups, first)
      if (count === 0) continue
      const last = groups[first + count - 1] as RegExpExecArray
      cards.push([run.index + (groups[first]?.index ?? 0), run.index + last.index + last[0].length])
      others -= count
      first += count - 1
    }
    if (others > MAX_OTHER_GROUPS || cards.length === 0) continue
    const uuids = uuidsAround(text, run)
    yield* cards.filter(([start, end]) => !uuids.some(([from, to]) => start < to && from < end))
  }
}

/** Where UUIDs begin or end in a run of digits. */
function uuidsAround(text: string, { 0: run, index }: RegExpExecArray): Span[] {
  const from = Math.max(0, index - UUID_CHARS)
  const around = text.slice(from, index + run.length + UUID_CHARS)
  return [...around.matchAll(UUID)].map((match) => [from + match.index, from + match.index + UUID_CHARS])
}

const UUID = /(?<![\da-f])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![\da-f])/gi
const UUID_CHARS = 36

/** How many groups from one on make a card's number; 0 where they make none. */
function cardGroupsAt(groups: readonly RegExpExecArray[], first: number): number {
  let digits = ''
  for (const [at, group] of groups.slice(first, first + MAX_CARD_GROUPS).entries()) {
    digits += group[0]
    if (digits.length > MAX_CARD_DIGITS) break
    if (CARD.test(digits) && passesLuhn(digits)) return at + 1
  }
  return 0
}

/** True if letters follow or precede the groups: `5443 5444 544A` are codes of characters. */
function isInHexTable(text: string, { 0: run, index }: RegExpExecArray): boolean {
  const before = text.slice(Math.max(0, index - MAX_CODE_CHARS), index)
  const after = text.slice(index + run.length, index + run.length + MAX_CODE_CHARS)
  return /\d[A-F][\dA-F]{0,4} $|[A-F]\d[\dA-F]{0,4} $/.test(before) || /^ (?:\d+[A-F]|[A-F]+\d)/.test(after)
}

const MAX_CODE_CHARS = 7

/** The check digit of payment cards (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const value = Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 1 : 2)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}

/** The length of an IBAN by country (the SWIFT registry). */
const IBAN_LENGTHS =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 SV28 TN24 TR26 UA29 VA22 VG24 XK20'
const LENGTH_BY_COUNTRY = new Map(
  IBAN_LENGTHS.split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
)
const IBAN_START = /(?<![A-Za-z0-9])([A-Z]{2})\d{2}/g

/** The places of bank account numbers (IBAN, ISO 13616) in a text. */
export function* ibansIn(text: string): Generator<Span> {
  for (const { 1: country = '', index } of text.matchAll(IBAN_START)) {
    const length = LENGTH_BY_COUNTRY.get(country)
    if (length === undefined) continue
    let iban = ''
    let end = index
    while (iban.length < length) {
      if (text[end] === ' ' && text[end - 1] !== ' ') end += 1
      const character = text[end] ?? ''
      if (!/[A-Z0-9]/.test(character)) break
      iban += character
      end += 1
    }
    if (iban.length === length && !/[A-Za-z0-9]/.test(text[end] ?? '') && hasMod97Of1(iban)) yield [index, end]
  }
}

function hasMod97Of1(iban: string): boolean {
  let remainder = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}
