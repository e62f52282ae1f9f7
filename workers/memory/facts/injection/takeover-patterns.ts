import * as phrases from './injection-phrases.ts'
import * as maker from './maker-phrases.ts'
import { anyOf, GAP, SHORT_GAP } from './phrase-patterns.ts'
import * as takeover from './takeover-phrases.ts'

/** Owns how the words by which somebody takes a model over stand in their clauses: pieces of patterns, one list each. */

/** What the patterns of takeovers are about, beside what those of other orders are. */
export const MENTIONED_IN_TAKEOVERS = [
  ...takeover.BOUNDS,
  ...takeover.YOUR_BOUNDS,
  ...takeover.INSTRUCTIONS,
  ...takeover.NEW_INSTRUCTIONS,
  ...takeover.A_MODEL,
  ...takeover.ABOVE,
  ...takeover.WRITTEN_ABOVE,
  ...takeover.TOLD,
  ...maker.MAKER,
  ...maker.YOUR_MAKER,
  ...maker.NO_BOUNDS,
  ...maker.BOUND_NO_MORE_LAST,
  ...maker.WHATEVER_ASKED,
]

/** Without a word between that says whose or of what they are: "the earlier rules of the club". */
const NEXT_TO = '[^.!?;,。！？、，।]{0,6}?'

/** "I ignore": an i alone leads in an order of Polish. */
const NOT_I = '(?<!(?:^|[^\\p{L}])i )'
/** Within a clause: "the developer's comment above is wrong, ignore it" are two. */
const NO_COMMA_GAP = '[^.!?;,。！？、，।]{0,40}?'
/** These may follow "above" beside the end: one more order, or in scripts without spaces the rest of the clause. "Above the table" is another place. */
const GOES_ON =
  '(?=[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Hangul}]| (?:and|und|et|y|e|en|i|и|і|och|og|ja|a|ve|dan|và|și|και|و|ו)(?!\\p{Script=Latin}))'
/** Between two things that are gone. */
const OR = '(?:or|nor|oder|ou|ni|né|nem|o|of|ani|lub|или|eller|nebo|atau|hoặc|sau|ή|או|أو|ولا)'

/** Rules that are over, new ones, what every model is told, and what is done behind the user's back. */
export function takeoverParts(begin: string, end: string): string[][] {
  const [earlier, rules, user] = [anyOf(phrases.EARLIER), anyOf(phrases.RULES), anyOf(phrases.THE_USER)]
  const system = anyOf(phrases.SYSTEM_PROMPT)
  const yours = `(?:${anyOf(takeover.YOUR)}${SHORT_GAP}${anyOf(takeover.BOUNDS)}|${anyOf(takeover.YOUR_BOUNDS)})`
  const stale = `(?:${earlier}${NEXT_TO}${rules}|${rules} (?:that )?you (?:were|have|had|got|received)[^.!?;,]{0,24}?|${rules}${NEXT_TO}${earlier})`
  const [does, last, silently] = [anyOf(takeover.DO), anyOf(takeover.DO_LAST), anyOf(takeover.WITHOUT_TELLING_LAST)]
  const forgotten = anyOf([...phrases.IGNORE, ...phrases.IGNORE_LAST, ...takeover.IGNORING])
  const [made, before] = [anyOf(maker.MAKER), anyOf(maker.WRITTEN_BEFORE)]
  return [
    [begin, anyOf(phrases.IGNORE), GAP, anyOf(maker.YOUR_MAKER)],
    [begin, NOT_I, anyOf(phrases.IGNORE), GAP, made, GAP, before, `(?:${end}|${GOES_ON})`],
    [made, SHORT_GAP, before, NO_COMMA_GAP, forgotten],
    [
      anyOf(maker.FROM_NOW),
      SHORT_GAP,
      anyOf(maker.YOU_HAVE_NO),
      SHORT_GAP,
      anyOf(maker.NO_BOUNDS),
      `(?:${end}|(?= ${OR} ))`,
    ],
    [anyOf(maker.FROM_NOW), SHORT_GAP, anyOf(maker.YOU), GAP, anyOf(maker.BOUND_NO_MORE_LAST)],
    [anyOf(maker.WHATEVER_ASKED), `,? ?(?:${anyOf(maker.ALWAYS)} )?`, anyOf(maker.SAY)],
    [anyOf(maker.WHATEVER_ASKED), `[,，、]? ?${anyOf(maker.ALWAYS_DENSE)}?`, anyOf(maker.SAY_DENSE)],
    [anyOf(maker.WHATEVER_ASKED), GAP, anyOf(maker.SAY_LAST)],
    [begin, anyOf(takeover.RELEASE), SHORT_GAP, yours],
    [yours, GAP, anyOf(takeover.RELEASE_LAST), end],
    [anyOf(takeover.AS_IF), SHORT_GAP, yours],
    [anyOf(takeover.YOUR), ' ', earlier, NEXT_TO, anyOf(takeover.BOUNDS), NEXT_TO, anyOf(takeover.VOID)],
    [begin, anyOf(takeover.OUTPUT), GAP, anyOf(takeover.ABOVE)],
    [begin, anyOf(phrases.IGNORE), GAP, anyOf(takeover.TOLD)],
    [anyOf(takeover.TOLD), GAP, anyOf(phrases.IGNORE_LAST), end],
    [begin, anyOf(phrases.IGNORE), SHORT_GAP, earlier, NEXT_TO, anyOf(takeover.BOUNDS)],
    [begin, anyOf(phrases.IGNORE), ' ', anyOf(phrases.ALL), SHORT_GAP, anyOf(takeover.BOUNDS), ' (?:that|which) '],
    [begin, rules, NEXT_TO, anyOf(takeover.IGNORING), GAP, `(?:${last}|${anyOf(phrases.SHOW_LAST)})`, end],
    [begin, anyOf(phrases.IGNORE), NEXT_TO, user],
    [begin, anyOf(phrases.IGNORE), '[^.!?;]{0,14}?', anyOf(takeover.WRITTEN_ABOVE)],
    [anyOf(takeover.WRITTEN_ABOVE), GAP, anyOf(phrases.IGNORE_LAST), end],
    [begin, anyOf(phrases.IGNORE), SHORT_GAP, system, end],
    [system, GAP, anyOf(phrases.IGNORE_LAST), end],
    [
      begin,
      anyOf(phrases.SHOW),
      SHORT_GAP,
      anyOf(takeover.YOUR),
      SHORT_GAP,
      rules,
      `(?: ${anyOf(takeover.KEPT_BACK)})?`,
      end,
    ],
    [begin, does, GAP, ' (?:and|und|et|y|e|en|i|и|then|but) ', anyOf(phrases.DO_NOT_TELL), GAP, user],
    [rules, NEXT_TO, anyOf(takeover.FOLLOW_NO_MORE)],
    [begin, anyOf(phrases.IGNORE), SHORT_GAP, anyOf(takeover.YOUR_BOUNDS)],
    [earlier, GAP, rules, NEXT_TO, anyOf(takeover.IGNORING), GAP, last, end],
    [`(?<!${anyOf(phrases.MINE)} ?)`, stale, NEXT_TO, anyOf(takeover.VOID)],
    [
      `(?:^|[.!?。！？।]) ?(?:(?:begin|start|here are|these are|follow) (?:the |your )?)?(?:${anyOf(takeover.NEW)} ?${anyOf(takeover.INSTRUCTIONS)}|${anyOf(takeover.NEW_INSTRUCTIONS)}) ?[:：]`,
    ],
    [anyOf(takeover.IF_YOU_ARE), SHORT_GAP, anyOf(takeover.A_MODEL)],
    [begin, does, GAP, anyOf(takeover.WITHOUT_TELLING), SHORT_GAP, user],
    [begin, does, GAP, user, GAP, silently],
    [user, SHORT_GAP, silently, GAP, last],
  ]
}
