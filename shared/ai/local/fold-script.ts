/**
 * Folds what people write in two ways into one: accents, letters with strokes and ligatures, Arabic and Hebrew points, hamza and final forms,
 * the dots of Indic scripts, and digits of all scripts. Guarantees: linear time; any string is accepted.
 * Must not fold what makes another word: the breve of Cyrillic й, the voicing marks of Japanese, vowel signs.
 */

/** Accents of Latin and Greek, the two dots of Cyrillic ё, and the stress that dictionaries set on Cyrillic vowels. */
const ACCENTS =
  /(?<=[\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036f]+|(?<=[еЕ])\u0308|(?<=[аеиоуыэюяАЕИОУЫЭЮЯ])\u0301/gu
/** Points, vowel signs, hamza and the stretched line of Arabic; points and accents of Hebrew; joiners; the dots under Indic letters. */
const DROPPED =
  /[\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u0591-\u05c7\u200b-\u200f\u2060\ufeff\u00ad\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc]/g
const LETTERS: Readonly<Record<string, string>> = {
  ...{
    ß: 'ss',
    ẞ: 'SS',
    ø: 'o',
    Ø: 'O',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ð: 'd',
    Ð: 'D',
    þ: 'th',
    Þ: 'Th',
    ħ: 'h',
    Ħ: 'H',
  },
  ...{ æ: 'ae', Æ: 'Ae', œ: 'oe', Œ: 'Oe', ı: 'i', ə: 'e', Ə: 'E', ς: 'σ', '’': "'", ʼ: "'" },
  // Arabic and Persian letters in their other forms; a hamza has been taken off by then.
  ...{ ٱ: 'ا', ى: 'ي', ی: 'ي', ة: 'ه', ک: 'ك' },
  // Hebrew letters as they end a word.
  ...{ ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' },
  // The moon above a nasal vowel is written as its dot, too.
  ...{ 'ँ': 'ं', 'ঁ': 'ং', 'ਁ': 'ਂ', 'ઁ': 'ં', 'ଁ': 'ଂ' },
}
const FOLDED_LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu')
const DIGIT = /\p{Nd}/gu
const IS_DIGIT = /^\p{Nd}$/u

/** A text with each letter and digit in the one form under which it is compared; case is kept. */
export function foldScript(text: string): string {
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(DROPPED, '')
    .replace(FOLDED_LETTER, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC')
    .replace(DIGIT, asciiDigit)
}

/** Digits of a script follow each other, ten by ten: how many stand before one says which it is. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) as number
  if (code < 0x80) return digit
  let before = 0
  while (before < 9 && IS_DIGIT.test(String.fromCodePoint(code - before - 1))) before += 1
  return String(before)
}
