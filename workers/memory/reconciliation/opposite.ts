import { overlapOf } from '../facts/done-tasks.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { DENIES, NOW, SUPPOSES } from '../local-rules/words/change-words.ts'
import { wordPattern } from '../local-rules/words/word-pattern.ts'
import { CLAUSE_END, isOfTheSame, type Said, withoutSubject } from './no-longer.ts'

/**
 * Tells, without a model, that a fact says the opposite of an earlier one: "I'm not allergic to nuts", "I like cilantro now" after "I hate cilantro".
 * Guarantees: both say it of the same one, of the present, in the same words but for those that affirm, deny, like or hate.
 */

const LIKES = wordPattern(
  [
    "like|likes|love|loves|enjoy|enjoys|adore|adores|fond of|a fan of|mag|mögen|liebe|liebt|gern|gerne|j'aime|aime|adore|j'adore|me gustan?|me encantan?|amo|adoro|gosto de|gosta de|mi piace|mi piacciono|houd van|hou van|lust",
    'lubię|uwielbiam|люблю|нравится|обожаю|подобається|seviyorum|gillar|älskar|elsker|liker|mám ráda?|أحب|पसंद|suka',
    '喜欢|喜歡|大好き|好き|좋아해요|좋아합니다|좋아해|ชอบ',
  ].join('|'),
  'giu',
)
const DISLIKES = wordPattern(
  [
    "hate|hates|dislike|dislikes|can't stand|cannot stand|loathe|loathes|detest|detests|hasse|hasst|verabscheue|déteste|je déteste|odio|detesto|odeio|haat|een hekel aan",
    'nienawidzę|ненавижу|терпеть не могу|nefret ediyorum|hatar|hader|nesnáším|أكره|नफ़रत|benci',
    '讨厌|討厭|大嫌い|嫌い|싫어해요|싫어합니다|싫어해|เกลียด',
  ].join('|'),
  'giu',
)
/** How much, and that it is news: said with the one as well as with the other. */
const MANNER = wordPattern(
  'actually|really|honestly|quite|kind of|kinda|sort of|at all|very much|so much|a lot|it turns out|turns out|after all|eigentlich|wirklich|gar|überhaupt|sehr|doch|finalement|vraiment|beaucoup|du tout|realmente|mucho|para nada|al final|afinal|muito|davvero|molto|affatto|alla fine|echt|helemaal|toch|bardzo|wcale|jednak|очень|совсем|вообще|всё-таки|çok|hiç|verkligen|virkelig|很|非常|とても|全然|정말|아주|전혀',
  'giu',
)
/** Denied of a time that is over or to come, of some only, or not for long. */
const OF_ANOTHER_TIME = wordPattern(
  "only|always|nur|immer|seulement|toujours|solo|siempre|sempre|alleen|altijd|tylko|zawsze|только|всегда|didn't|did not|hasn't|haven't|has not|have not|hadn't|wasn't|weren't|was not|were not|won't|not yet|not only|not just|not always|not until|not today|not tonight|n'ai|n'a|nicht nur|noch nicht|noch nie|nicht immer|heute|pas encore|pas seulement|pas toujours|aún no|todavía no|no solo|ainda não|não só|non ancora|non solo|nog niet|niet alleen|jeszcze nie|nie tylko|ещё не|еще не|не только|ще не|henüz|ännu|ikke bare|还没|还不|まだ|아직|today|tonight|tomorrow|this week|this time",
)

/** "No" is in Portuguese a place. */
const HAS_NONE =
  /(?<!\p{L})(?:(?:have|has|is|are|['’]s) no|no (?:me|nos|le|les|soy|somos|estoy|tengo|tenemos|como|comemos|bebo|quiero|puedo|vivo|trabajo|uso|usamos|hay))(?!\p{L})/iu
/** Verbs that have one form with a denial and another without. */
const HELPERS = wordPattern('have|has|do|does|am|is|are|be|can', 'giu')
/** A reason, behind what it is a reason for. */
const REASON = /[.!,;] [^\p{Lu}\p{Nd}]{1,60}$/u

type Stance = { readonly isFor: boolean; readonly bare: string }

/** True for a fact that may say the opposite of another: it denies, likes or hates, or says that it is so now. */
export function saysStance(fact: string): boolean {
  const said = saidIn(fact)
  return [DENIES, HAS_NONE, LIKES, DISLIKES, NOW].some((words) => said.search(words) >= 0)
}

/** True if `later` says the opposite of `earlier`. */
export function isOpposite(later: Said, earlier: Said): boolean {
  const said = saidIn(later.fact)
  const before = stanceOf(saidIn(earlier.fact).replace(REASON, ''))
  if (!before) return false
  return [said, ...said.split(CLAUSE_END)].some((clause) => {
    const now = stanceOf(clause)
    return now !== undefined && now.isFor !== before.isFor && isSameThing(now.bare, before.bare, later, earlier)
  })
}

/** Undefined for a guess, and for what is no matter of the present. */
function stanceOf(text: string): Stance | undefined {
  if (SUPPOSES.test(text) || OF_ANOTHER_TIME.test(text)) return undefined
  const [isDisliked, rest] = [text.search(DISLIKES) >= 0, text.replace(DISLIKES, ' ').replace(LIKES, ' ')]
  return {
    isFor: isDisliked === (DENIES.test(rest) || HAS_NONE.test(text)),
    bare: [NOW, MANNER, DENIED, HELPERS].reduce((left, words) => left.replace(words, ' '), rest),
  }
}
const DENIED = new RegExp(DENIES.source, 'giu')

function isSameThing(now: string, then: string, later: Said, earlier: Said): boolean {
  const what = withoutSubject(now, later)
  const known = { fact: withoutSubject(then, earlier), subject: null }
  const { shared, alike, foreign, missing, isDense } = overlapOf(what, known)
  if (shared === 0 || foreign > 0 || missing > 0 || alike > 0 || isDense) return false
  return numbersIn(what) === numbersIn(known.fact) && isOfTheSame(what, known.fact)
}

function numbersIn(text: string): string {
  return (text.match(/\p{Nd}{1,20}/gu) ?? []).join(' ')
}
