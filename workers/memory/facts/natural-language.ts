import { guessLanguage } from '../local-rules/guess-language.ts'

/** Owns a guess at the language of a fact: by its script, and among Latin ones by the small words that each sentence has. */

const SCRIPTS: readonly (readonly [language: string, pattern: RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['ko', /\p{Script=Hangul}/u],
  ['zh', /\p{Script=Han}/u],
  ['fa', /[پچژگ]|[یک]|می\u200c/u],
  ['ar', /\p{Script=Arabic}/u],
  ['he', /\p{Script=Hebrew}/u],
  ['th', /\p{Script=Thai}/u],
  ['el', /\p{Script=Greek}/u],
  ['hi', /\p{Script=Devanagari}/u],
  ['uk', /[іїєґ]/iu],
  ['ru', /\p{Script=Cyrillic}/u],
  // Letters of one Latin language alone.
  ['vi', /[ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/iu],
  ['cs', /[řěů]/iu],
  ['hu', /[őű]/iu],
  ['ro', /[ășț]/iu],
]

const SMALL_WORDS: Readonly<Record<string, string>> = {
  en: 'i|my|we|our|have|am|the|is|are|was|of|and|to|in|has|with|for|at|from|on|that|lives|said|moved|will|a',
  nl: 'de|het|een|en|van|is|in|op|ik|niet|met|naar|mijn|voor|heeft|zijn|woont',
  de: 'der|die|das|und|ist|ein|eine|ich|nicht|mit|nach|von|für|hat|wohnt|im|zu',
  fr: 'le|la|les|et|est|un|une|de|du|des|je|pas|avec|pour|dans|à|habite',
  es: 'el|la|los|las|y|es|un|una|de|del|en|que|con|para|por|mi|vive',
  pt: 'o|a|os|as|e|é|um|uma|de|do|da|em|que|com|para|não|minha|mora',
  pl: 'w|na|z|nie|się|jest|do|mam|od|dla|mój|moja|mieszka|że',
  tr: 've|bir|bu|da|de|için|ile|çok|benim|yaşıyor|olarak|oturuyor',
  sv: 'jag|och|att|det|som|på|är|av|med|inte|min|mitt|mina|har|till|ett|från|vi|mot|sedan|när',
  da: 'jeg|og|det|som|på|af|med|ikke|min|mine|har|til|fra|vi|mod|når',
  no: 'jeg|og|det|som|på|av|med|ikke|min|mitt|mine|har|til|fra|vi|mot|når',
  cs: 'v|se|je|že|s|pro|jsem|mám|můj|moje|jako|než|už|ale|mi|si',
  hu: 'és|hogy|nem|egy|vagyok|meg|már|mint|én|az',
  fi: 'ja|ei|että|olen|minun|mutta|kun|niin|minä|tai|oli|ovat',
  ro: 'în|și|cu|pe|nu|să|este|sunt|mea|meu|din|pentru|mă',
  id: 'di|dan|yang|saya|tidak|untuk|dengan|dari|ini|itu|pada|adalah|akan|sudah|aku',
  it: 'il|lo|la|gli|e|è|un|una|di|del|della|in|che|con|per|mia|abita',
}
const PATTERNS = Object.entries(SMALL_WORDS).map(([language, words]) => ({
  language,
  pattern: new RegExp(`(?<!\\p{L})(?:${words})(?!\\p{L})`, 'giu'),
}))
const MIN_SMALL_WORDS = 2

/** ISO 639-1, or undefined where nothing tells: no script of its own, and too few small words of one language more than of others. */
export function naturalLanguageOf(text: string): string | undefined {
  const script = SCRIPTS.find(([, pattern]) => pattern.test(text))
  if (script) return script[0]
  const counts = PATTERNS.map(({ language, pattern }) => ({
    language,
    count: text.match(pattern)?.length ?? 0,
  })).sort((a, b) => b.count - a.count)
  const [first, second] = counts
  if (first && first.count >= MIN_SMALL_WORDS && first.count > (second?.count ?? 0)) return first.language
  return guessLanguage(text)
}
