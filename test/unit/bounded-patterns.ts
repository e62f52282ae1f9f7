/**
 * Regular expressions that are not proven linear, each with what bounds its input or its restarts. Everything else of the source is proven by
 * `patterns.test.ts`. A new line here wants a reason that holds for text of strangers; rather write a scanner.
 */

export type BoundedPattern = {
  /** The name of the file that has it. */
  readonly file: string
  readonly begins: string
  readonly bound: string
}

export const BOUNDED_PATTERNS: readonly BoundedPattern[] = [
  // Texts of the operator, or our own.
  { file: 'index-repo.ts', begins: String.raw`\/+$`, bound: 'an argument of the command line' },
  { file: 'migrations.ts', begins: '--.*$', bound: 'a migration, which is a file of ours' },
  { file: 'boards.ts', begins: '<link href=', bound: 'the page of a dependency, a few thousand characters' },
  { file: 'boards.ts', begins: '<div id="root">', bound: 'the page of a dependency, a few thousand characters' },
  // Sentences and facts.
  { file: 'fact-attributes.ts', begins: "[.’'-]+$", bound: 'a sentence: 400 characters' },
  { file: 'fact-signals.ts', begins: String.raw`\b(?:(?:my|our|his`, bound: 'a sentence: 400 characters' },
  { file: 'fact-signals.ts', begins: '[?？؟¿]', bound: 'a sentence: 400 characters' },
  { file: 'fact-wording.ts', begins: String.raw`(?:[\s!.…]|`, bound: 'a sentence: 400 characters' },
  // Whole messages.
  {
    file: 'readable-text.ts',
    begins: '^(```|~~~)',
    bound: 'a fence ends at the next of its kind: two run to the end at most',
  },
  {
    file: 'readable-text.ts',
    begins: String.raw`^[ \t]*(?:[[{]`,
    bound: 'begins at line starts, and ends at the line end',
  },
  { file: 'identifiers.ts', begins: '[.,;:!?]+$', bound: 'an identifier, in a text of 40,000 characters' },
  {
    file: 'summary-rules.ts',
    begins: String.raw`\b(?:[A-Z]\w*(?:Error`,
    bound: 'fails only in the last three characters of a line',
  },
]

/** Files that make regular expressions at run time, with what those are made of and what bounds their input. */
export const MADE_PATTERNS: ReadonlyMap<string, string> = new Map([
  ['aside-path.ts', 'names of ours; a path of a repository'],
  ['injected-blocks.ts', 'lists of ours at the beginning of a line, every repetition bounded'],
  ['terminal.ts', 'the width of a column; cells of a report'],
  ['stem.ts', 'lists of suffixes; a word of an index'],
  ['words.ts', 'names of scripts; every run is one character class'],
  ['foreign-words.ts', 'names of scripts; every run is one character class'],
  ['salvage-items.ts', 'a name of ours, and bounded blanks'],
  ['query-times.ts', 'lists of ours; a query of 4,000 characters'],
  ['redis-stats.ts', 'a name of ours; the answer of Redis to INFO'],
  ['beside-property.ts', 'lists of ours; a sentence of a message, some hundred characters'],
  ['corrections.ts', 'lists of ours, every repetition bounded; a sentence of 100 characters'],
  ['moved.ts', 'lists of ours, anchored at the beginning, every repetition bounded; a fact of 1,000 characters'],
  ['other-order.ts', 'lists of words of ours; an instruction of 160 characters'],
  ['switches.ts', 'lists of ours, every repetition bounded; a sentence of 200 characters'],
  ['revisions.ts', 'lists of ours; a fact of 1,000 characters'],
  ['split-sentence.ts', 'lists of ours; a sentence of 400 characters'],
  ['occupations.ts', 'a list of ours, anchored at both ends; a value in a fact of 200 characters'],
  ['standing-orders.ts', 'articles of ours, anchored at both ends; a sentence of 400 characters'],
  ['speaker-place.ts', 'lists of ours, anchored at both ends; a sentence of 400 characters'],
  ['named-times.ts', 'words of the platform; a fact of 1,000 characters, a query of 4,000'],
  ['local-days.ts', 'words of the platform; a query of 4,000 characters'],
  ['fact-attributes.ts', 'lists of ours; a sentence of 400 characters'],
  ['fact-dates.ts', 'lists of ours; a fact of 1,000 characters'],
  ['fact-sentences.ts', 'a tag of 40 characters, which are letters, digits and hyphens'],
  ['fact-wording.ts', 'lists of ours; a sentence of 400 characters'],
  ['reasoning-marks.ts', 'names of marks of ours; each is one alternative of plain letters'],
  ['fold-script.ts', 'one character class; a word of an index'],
  ['model-counter.ts', 'names of scripts; every run is one character class'],
  ['local-durations.ts', 'lists of ours and of the platform; a query of 4,000 characters'],
  ['named-days.ts', 'lists of ours; a query of 4,000 characters'],
  ['local-quarters.ts', 'lists of ours, every repetition bounded; a query of 4,000 characters'],
  ['parts-of-day.ts', 'lists of ours; a query of 4,000 characters'],
  ['local-periods.ts', 'lists of ours, every repetition bounded; a query of 4,000 characters'],
  ['day-spans.ts', 'names of the platform and of ours, every repetition bounded; a query of 4,000 characters'],
  ['feasts.ts', 'lists of ours, every repetition bounded; a query of 4,000 characters'],
  ['find-assigned.ts', 'lists of ours, every repetition bounded; the hostile texts of find-secrets.test.ts'],
  ['find-shaped.ts', 'lists of ours, every repetition bounded; the hostile texts of find-secrets.test.ts'],
  ['find-lock-codes.ts', 'lists of ours, every repetition bounded; 110 characters around a number'],
  ['find-stated.ts', 'lists of ours, every repetition bounded; the hostile texts of find-secrets.test.ts'],
  ['named-dates.ts', 'lists of ours; a fact of 1,000 characters'],
  ['year-of-day.ts', 'lists of ours, every repetition bounded; a fact of 1,000 characters'],
  ['told-later.ts', 'lists of ours; a quote of 1,000 characters'],
  ['order-features.ts', 'lists of ours; a sentence of 400 characters'],
  ['order-model.ts', 'lists of ours; a sentence of 400 characters'],
  ['phrase-patterns.ts', 'one character class of ours'],
  ['prompt-injection.ts', 'lists of ours, every repetition bounded; a fact of 1,000 characters'],
  ['own-words.ts', 'lists of ours at the beginning of a line, every repetition bounded'],
  ['report-words.ts', 'lists of ours, every repetition bounded'],
  ['sentence-ranker.ts', 'lists of ours; a sentence of 400 characters'],
  ['at-hand.ts', 'lists of ours; a sentence of 400 characters'],
  ['standing-orders.ts', 'lists of ours; a sentence of 400 characters'],
  ['forget-requests.ts', 'lists of ours at the beginning of a sentence, every repetition bounded'],
  ['supposed.ts', 'lists of ours at the beginning of a sentence, every repetition bounded'],
  ['called-off.ts', 'lists of ours, every repetition bounded; a sentence of 300 characters'],
  ['only-planned.ts', 'lists of ours, every repetition bounded; a sentence and what is around it, 1,000 characters'],
  ['changes-told.ts', 'lists of ours, every repetition bounded; a sentence of 160 characters'],
  ['word-pattern.ts', 'lists of ours: one alternative of plain words'],
])
