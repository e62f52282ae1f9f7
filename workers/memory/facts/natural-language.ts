import { guessLanguage } from '../local-rules/guess-language.ts'

/** Owns a guess at the language of a fact: by its script, and among Latin ones by its words. */

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
  // Letters of one Latin language alone, and the Vietnamese "I".
  ['vi', /[ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]|(?<!\p{L})tôi(?!\p{L})/iu],
  ['cs', /[řěů]/iu],
  ['hu', /[őű]/iu],
  ['ro', /[ășț]/iu],
]

/** ISO 639-1, or undefined where nothing tells: no script of its own, and no words of one language more than of others. */
export function naturalLanguageOf(text: string): string | undefined {
  return SCRIPTS.find(([, pattern]) => pattern.test(text))?.[0] ?? guessLanguage(text)
}
