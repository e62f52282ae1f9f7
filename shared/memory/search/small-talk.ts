import { foldScript } from '../../ai/local/fold-script.ts'
import { isStopWord } from '../../ai/local/terms.ts'
import { wordsOf } from '../../ai/local/words.ts'
import { BESIDE_SMALL_TALK, SMALL_TALK_PHRASES } from './small-talk-phrases.ts'

/** Greetings, thanks and assent ask for nothing that is remembered: a prompt needs no block for them. Pure. */

const SMALL_TALK = new Set(
  wordsOf(`hello hi hey hiya howdy yo greetings welcome good morning afternoon evening night day bye goodbye cheers thanks thank thx ty please sorry
ok okay k yes yeah yep yup no nope sure fine great nice cool awesome perfect super wow lol haha hmm well then now all right alright got see later much
works worked done so very lot again are how going doing what up sup
ja nein gut klar oui non si sim nao sim nej nei nee nie ano ne igen nem da nu evet hayir да нет так ні ναι οχι نعم لا כן לא हां नहीं`),
)
const OTHERS = `whoareyou whatareyou canyouhelpme helpme hibot hellobot helloassistant hiassistant test testing gotcha nevermind whatcanyoudo areyouthere youthere ктоты 你是谁 你在吗 是 不 はい いいえ 아니요 ㅋㅋ ㅎㅎ`
/** "When is my day off" is made of small words, and asks for something. */
const ASKS_FOR_ONE = new Set(['when', 'where', 'who', 'whom', 'whose', 'which', 'why'])
const LONGEST = 12
/** Of one phrase, in words. */
const LONGEST_PHRASE = 6
const MAX_LENGTH = 200
const NO_LETTER = /[^\p{L}\p{M}]/gu
const BREAK = /[\s,，、.。!！?？;；:：…–—-]+/u

let phrases: ReadonlySet<string> | undefined
let beside: ReadonlySet<string> | undefined

/** Whether a short message greets, thanks or agrees, and says nothing else. */
export function isSmallTalk(query: string): boolean {
  // A number is asked for, or answers a question.
  if (query.length > MAX_LENGTH || /\p{Nd}/u.test(query)) return false
  if (isPhrases(query.split(BREAK).map(lettersOf).filter(Boolean))) return true
  const words = wordsOf(query)
  if (words.length === 0 || !/[\p{L}\p{N}]/u.test(query)) return true
  return (
    words.length <= LONGEST &&
    !words.some((word) => ASKS_FOR_ONE.has(word)) &&
    words.every((word) => SMALL_TALK.has(word) || isStopWord(word)) &&
    words.some((word) => SMALL_TALK.has(word) && !isStopWord(word))
  )
}

/** True if phrases that follow each other are all there is, and one of them is enough by itself. */
function isPhrases(words: readonly string[]): boolean {
  beside ??= new Set([...[...SMALL_TALK].filter(isStopWord), ...BESIDE_SMALL_TALK.split(',').map(lettersOf)])
  phrases ??= new Set([
    ...OTHERS.split(' '),
    ...SMALL_TALK,
    ...beside,
    ...Object.values(SMALL_TALK_PHRASES).flatMap((list) => list.split(',').map(lettersOf)),
  ])
  return words.length > 0 && words.length <= LONGEST && isMadeOf(words, phrases) && !isMadeOf(words, beside)
}

function isMadeOf(words: readonly string[], phrases: ReadonlySet<string>): boolean {
  // Up to which words the message is made of phrases.
  const ends = new Set([0])
  for (let from = 0; from < words.length; from += 1)
    for (let to = from + 1; ends.has(from) && to <= from + LONGEST_PHRASE; to += 1)
      if (phrases.has(words.slice(from, to).join(''))) ends.add(to)
  return ends.has(words.length)
}

function lettersOf(text: string): string {
  return foldScript(text).replace(NO_LETTER, '').toLowerCase()
}
