import { hash } from 'node:crypto'
import { foldName } from '../../../shared/memory/fold-name.ts'
import { dependsOnDate, isoDay, withDates } from '../facts/dates/fact-dates.ts'

/**
 * Owns turning what a person said into a sentence that can be understood alone.
 * Guarantees: it rewrites only where the grammar is plain; everywhere else it quotes, with the speaker's name in front.
 */

const MAX_SPEAKER_CHARS = 80
const MARK_CHARS = 10

const OPENERS =
  /^(?:(?:hey|hi|hello|yeah|yes|yep|yup|oh|ooh|ah|wow|well|so|ok|okay|and|but|actually|honestly|btw|by the way|fyi|thanks|thank you|no|nope|nah|haha|lol|hm+|also|anyway|plus|good news|update|right|sure|great|cool|nice|first|then|sorry|same here|ugh)\b(?:\s+(?=I\b|my\b|we\b|our\b|the\b)|\s*[,.!:…–—-]+\s*))+/i
const GREETING_BY_NAME =
  /^(?:[Hh]ey|[Hh]i|[Hh]ello|[Ww]ow|[Tt]hanks|[Yy]eah|[Yy]es|[Nn]o|[Ss]orry|O[Kk]),? \p{Lu}[\p{L}'’-]{1,30}[,!:]\s*/u
const ANNOUNCEMENT =
  /^(?:(?:I )?just (?:wanted|want) to (?:say|tell you|let you know)|(?:I )?(?:wanted|want) to let you know|(?:I(?:['’]d| would) (?:like|want)|I want) you to know|you should know|just so you know|for the record|guess what|turns out|as for me|the thing is|in the end|long story short|.{0,40}\bplease remember)(?:,| that)? (?=\S)/i
// What stands before a colon frames the statement ("One thing before we start:"). A name there is another speaker, a condition changes the meaning.
const FRAME =
  /^(?:(?:Confession|Update|News|Note|Reminder|Spoiler|PS)|(?!.*\b(?:said|says|told|asked|wrote|writes|quote|answered|[Ii]f|[Uu]nless|[Ww]hen|[Dd]ream|example|[Ii]magine|[Ss]uppose|[Oo]ption|[Nn]ot|joke)\b)[\p{L}'’]+ \p{Ll}[\p{L}'’]* [^:"“]{1,50}): (?=I\b)/u
// "Eva, my sister, is a vet" speaks of Eva, and to nobody.
const VOCATIVE =
  /^(?![^,]+, (?:[Mm]y|[Oo]ur|[Tt]he) [^,]{1,40}, )(?!(?:Yesterday|Today|Tomorrow|Tonight|Now|Once|Later|Afterwards|Sometimes|Overall|Maybe|Perhaps|However|Instead|Otherwise|March|April|May|\p{L}+ly|\p{L}+day|\p{L}+ber|June|August)\b)\p{Lu}[\p{L}'’-]{1,30},\s+(?=(?:I|[Mm]y|[Ww]e|[Oo]ur|[Tt]he)\b)/u

/** The sentence without the greetings, interjections and names that people start with. */
export function statementOf(sentence: string): string {
  const flat = sentence.replace(/\s+/g, ' ')
  const bare = flat
    .replace(GREETING_BY_NAME, '')
    .replace(OPENERS, '')
    .replace(VOCATIVE, '')
    .replace(ANNOUNCEMENT, '')
    .replace(FRAME, '')
  return bare === '' || bare === flat ? flat : capitalised(bare)
}

/** English as it is typed in a hurry, with its capitals and apostrophes: "im", "i dont". */
export function withApostrophes(typed: string): string {
  return withContractions(typed.replace(/(?<![\p{L}\p{N}.'’-])i(?=[ '’])(?!['’]?\.)/gu, 'I'))
}

/** The contractions alone: a word "i" is in many languages. "Im Mai heirate ich" has none. */
export function withContractions(typed: string): string {
  return typed
    .replace(
      /(^|[,.;:!?–—] |(?<!\p{L})(?:and|but|so|cause|because|since|then|while) )[iI](m(?! \p{Lu}[^.!?]{0,60} (?:ich|wir)(?!\p{L}))|ve)(?= )/gu,
      "$1I'$2",
    )
    .replace(/(?<![\p{L}\p{N}.'’-])(do|does|did|is|are|was|were|have|has|could|would|should)nt(?= )/giu, "$1n't")
    .replace(/(?<![\p{L}\p{N}.'’-])(ca|wo)nt(?= )/giu, "$1n't")
}

/** Speakers without a name are called by their role. */
export function speakerName(speaker: string, role: string): string {
  const name = shortened(speaker.replace(/\s+/g, ' ').trim())
  if (name !== '' && !/^(?:user|human|assistant|ai)$/i.test(name)) return name
  return role === 'assistant' ? 'The assistant' : 'The user'
}

/** A long name is cut, and marked by what it was: two that begin alike are two people. */
function shortened(name: string): string {
  if (name.length <= MAX_SPEAKER_CHARS) return name
  const mark = `… ${hash('sha256', foldName(name)).slice(0, MARK_CHARS)}`
  const kept = name.slice(0, MAX_SPEAKER_CHARS - mark.length).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept.trim()}${mark}`
}

/** A fact from a statement: `Maya moved to Lisbon in March.`, or `Maya said: "…"` where that would be a guess. */
export function wordFact(statement: string, speaker: string, at: Date): string {
  const straight = statement.replaceAll('’', "'")
  const plain = isNamedStatement(straight) ? straight : inThirdPerson(straight, speaker)
  const day = dependsOnDate(statement) ? isoDay(at) : undefined
  if (plain === undefined) return quoteFact(statement, speaker, at)
  const dated = withDates(plain, at)
  const ended = dated.replace(/(?:[\s!.…]|\p{Extended_Pictographic}\p{M}*)+$/u, '')
  return day === undefined || dated !== plain ? `${ended}.` : `${ended} (said on ${day}).`
}

/** A fact that leaves the words as they are: `Maya said: "…"`, with the day where the words need it. */
export function quoteFact(statement: string, speaker: string, at: Date): string {
  const day = dependsOnDate(statement) ? isoDay(at) : undefined
  return `${speaker} said${day === undefined ? '' : ` on ${day}`}: "${capitalised(statement)}"`
}

// Any of these leaves the meaning to the speaker or to the sentences before.
const POINTS_OUTSIDE =
  /\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves|you|your|yours|u|he|she|it|they|him|his|her|hers|its|them|their|theirs|this|that|these|those|here|there|such|so|too|either|same|one|ones|other|others|did|does|do|will|though|let's)\b/i
// What would point at the wrong person or place once the speaker is the subject. (A loose "it" is no clearer in quotes.)
const SHIFTS = /\b(?:I|me|my|mine|myself|we|us|our|ours|you|your|yours|u|y'all|here|this|these|too|either)\b/i

/** The subject is named and nothing points out of the sentence: it stands as it is. */
function isNamedStatement(text: string): boolean {
  const isNamed =
    /^(?:The \p{L}[\p{L}-]+|\p{Lu}[\p{L}-]+(?: and \p{Lu}[\p{L}-]+)?)(?:'s)? (?:\p{L}+ ){0,3}(?:is|are|was|were|has|have|moved|opens|closes|starts|leaves|costs|lives|works|prefers|loves|hates|needs|wants)\b/u
  return (
    isNamed.test(text) &&
    !POINTS_OUTSIDE.test(text) &&
    !/^(?:What|Who|How|When|Where|Why|If|Even|Some|Nothing|Everything)\b/.test(text)
  )
}

function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (first) => first.toUpperCase())
}

const ADVERB = '(?:just |also |always |never |still |already |finally |recently |really |usually |actually |[a-z]+ly )?'
const PRESENT =
  'love|like|prefer|hate|enjoy|need|want|live|work|play|own|run|speak|study|teach|drink|eat|use|keep|collect|volunteer|know'
// The look-ahead keeps out verbs that end like a past tense and are none.
const PAST =
  '(?:went|bought|sold|got|won|lost|met|had|took|made|ran|quit|left|saw|built|wrote|found|held|began|came|gave|chose|grew|taught|spent|drove|flew|paid|broke|felt|told|said|brought|was|agreed|freed|(?!(?:\\w*eed|embed|shed|shred)\\b)[a-z]{2,}ed)'
const PARTICIPLE =
  '(?:been|had|got|gone|bought|made|taken|seen|done|found|written|built|sold|lost|won|met|left|[a-z]+ed)'
const MODAL = "(?:will|would|could|should|must|can|can't|cannot|couldn't|won't|wouldn't|didn't)"

/** What a first-person start becomes after the speaker's name; the first that matches counts. */
const STARTS: readonly { readonly pattern: RegExp; readonly becomes: string }[] = [
  { pattern: new RegExp(`^I (?=${ADVERB}${PAST}\\b)`), becomes: '' },
  { pattern: new RegExp(`^I (?=${MODAL} )`), becomes: '' },
  { pattern: /^(?:I'm|I am) /, becomes: 'is ' },
  { pattern: new RegExp(`^(?:I've|I have) (?=${ADVERB}${PARTICIPLE}\\b)`), becomes: 'has ' },
  { pattern: /^I have /, becomes: 'has ' },
  { pattern: /^I'll /, becomes: 'will ' },
  { pattern: /^I'd (?=(?:love|like|prefer|rather)\b)/, becomes: 'would ' },
  { pattern: /^I don't /, becomes: "doesn't " },
]
const PRESENT_START = new RegExp(`^I (${ADVERB})(${PRESENT}) `)
// "I love tea and hate milk": the second verb would need another ending.
const SECOND_VERB = new RegExp(
  `(?:\\b(?:and|but|or|then)|,) (?:${ADVERB})(?:${PRESENT}|am|have|do|don't|go|get|make|try|take|find)\\b`,
)

function inThirdPerson(text: string, speaker: string): string | undefined {
  for (const { pattern, becomes } of STARTS) {
    if (pattern.test(text)) return rest(text.replace(pattern, becomes), speaker)
  }
  const present = PRESENT_START.exec(text)
  if (present === null) return undefined
  const [start, adverb = '', verb = ''] = present
  return rest(`${adverb}${inflect(verb)} ${text.slice(start.length)}`, speaker)
}

function rest(predicate: string, speaker: string): string | undefined {
  return SHIFTS.test(predicate) || SECOND_VERB.test(predicate) ? undefined : `${speaker} ${predicate}`
}

function inflect(verb: string): string {
  if (verb === 'study') return 'studies'
  return verb === 'teach' ? 'teaches' : `${verb}s`
}
