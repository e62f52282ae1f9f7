/**
 * Owns reading a text as people see it, whatever its letters are encoded as: full-width, mathematical, small capitals, look-alikes of other scripts,
 * accents, invisible characters, digits for letters. For comparing only: the result of a text in any language is folded alike, and is no spelling.
 */

/** Each with the Latin letter that it looks like. Capitals stand apart where they look like another letter than the small one does. */
const LOOK_ALIKES =
  'аaвbеeзzкkмmнhоoрpсcтtуyхxіiјjѕsԁdԛqԝwһhӏl' +
  'АaВbЕeКkМmНhОoРpСcТtУyХxІiЈjЅs' +
  'αaβbγyεeηnιiκkμuνvοoρpσoτtυuχxωw' +
  'ΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧx' +
  'օoսuոnհhցgյjɑaɡgıiłløođdƙkɪiᴀaʙbᴄcᴅdᴇeꜰfɢgʜhᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz'
const LATIN_BY_LETTER = new Map(
  Array.from({ length: LOOK_ALIKES.length / 2 }, (_, index) => [
    LOOK_ALIKES[2 * index] as string,
    LOOK_ALIKES[2 * index + 1] as string,
  ]),
)

const LETTER_BY_SIGN: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
}
const SIGN_IN_WORD = /(?<=\p{L})[013457@$]|[013457@$](?=\p{L})/gu

/** Letters that nobody sees, and what they spell. */
const TAG_LETTERS = /[\u{E0020}-\u{E007E}]/gu
/** Marks on letters, characters without a form, fillers, and what markup puts around words. */
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}\u0640\u115F\u1160*_~`]/gu

/** `i g n o r e`, `i.g.n.o.r.e`. Their number is counted beside: as part of the pattern it takes 180 ms to compile. */
const SPACED_OUT = /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}][^\p{L}\p{N}]{1,3})+[\p{L}\p{N}](?![\p{L}\p{N}])/gu
const MIN_SPACED_LETTERS = 5

/** The text in small letters that look like it, with single spaces; what is spelled letter by letter is one word. */
export function foldLetters(text: string): string {
  return withLettersForSigns(folded(text).replace(SPACED_OUT, (run) => joined(run) ?? run))
}

/** What is spelled letter by letter, where no gap tells words apart; folded as well. */
export function spacedOutWords(text: string): string[] {
  const words = (folded(text).match(SPACED_OUT) ?? []).map(joined)
  return words.filter((word) => word !== undefined).map(withLettersForSigns)
}

function folded(text: string): string {
  return text
    .replace(TAG_LETTERS, (tag) => String.fromCharCode((tag.codePointAt(0) as number) - 0xe0000))
    .normalize('NFKD')
    .replace(INVISIBLE, '')
    .replace(/\P{ASCII}/gu, latinFor)
    .toLowerCase()
    .replace(/\P{ASCII}/gu, latinFor)
    .replace(/[‘’ʼ´]/g, "'")
    .replace(/\s+/g, ' ')
    .normalize('NFC')
}

function latinFor(letter: string): string {
  return LATIN_BY_LETTER.get(letter) ?? letter
}

/** Undefined of so few letters that they spell nothing. */
function joined(run: string): string | undefined {
  const letters = run.match(/[\p{L}\p{N}]/gu) ?? []
  return letters.length < MIN_SPACED_LETTERS ? undefined : run.replace(/[^\p{L}\p{N}@$]/gu, '')
}

function withLettersForSigns(text: string): string {
  return text.replace(SIGN_IN_WORD, (sign) => LETTER_BY_SIGN[sign] ?? sign)
}
