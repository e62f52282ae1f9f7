import { wordsOf } from '../../ai/local/words.ts'
import { kindOfPath } from './kind-priorities.ts'

/**
 * Owns telling the source that people look for from what stands beside it: tests, examples, demos, documentation, stand-ins. They speak of the
 * same things, and more often. Pure; by names of directories and files, in any case style, and by the modules that hold a file's own tests.
 */

const NAMES =
  'tests?|testing|testdata|specs?|e2e|fixtures?|mocks?|stubs?|bench(?:es|marks?)?|examples?|samples?|demos?|playgrounds?|stories|sandbox|tutorials?|snippets?'
const BY_WORD = new RegExp(`(?:^|[/_.-])(?:__)?(?:${NAMES})(?:__)?(?:[/_.-]|$)`, 'i')
/**
 * `jvmTest/`, `DateTests.swift`, `AdapterTestCase.php`; a word that only ends in the same letters, as `latest`, has no capital, and a test that is the
 * product's own, as in `AbTestService`, no name of what tests are made of behind it.
 */
const BY_CAPITAL =
  /(?:[a-z0-9](?:Tests?|Specs?|Mocks?|Stubs?|Fixtures?|Bench(?:marks?)?|Examples?|Samples?|Demos?|Stories)|(?:^|[/._-]|[a-z0-9])Test(?:Case|Util|Support|Helper|Base|Data|Suite|Kit|Double|Fixture|Resource)[A-Za-z]{0,20})(?=[/._-]|$)/
const TEST_SCOPE = /(?:^|[ >])(?:mod|module|namespace) tests?(?:$| >)/

/** What lies there at the top and is no document. */
const DOCUMENTATION = /^(?:docs?|documentation|website)\//i

const TEST_NAME = /^test(?:_|[A-Z])/

/** Whether a chunk of a file is something beside the source. */
export function isAside(path: string, { scope, symbol }: { readonly scope: string; readonly symbol: string | null }) {
  if (DOCUMENTATION.test(path) && kindOfPath(path) === 'code') return true
  return BY_WORD.test(path) || BY_CAPITAL.test(path) || TEST_SCOPE.test(scope) || TEST_NAME.test(symbol ?? '')
}

/** Who asks with one of these words, looks for what is aside. */
const ASIDE_WORDS = new Set(
  (
    'test tests tested testing spec specs e2e fixture fixtures mock mocks mocked stub stubs bench benches benchmark benchmarks example ' +
    'examples sample samples demo demos playground story stories docs documentation tutorial tutorials snippet snippets'
  ).split(' '),
)
/** "Tests if a string is blank" says what code does. */
const CHECKED = new Set(['if', 'whether'])

/** True for a query that asks for what is aside: by the word itself, for a document is none of the documentation. */
export function asksForAside(query: string): boolean {
  const words = wordsOf(query)
  return words.some(
    (word, at) =>
      ASIDE_WORDS.has(word) && !CHECKED.has(words[at + 1] ?? '') && !(word === 'example' && words[at - 1] === 'for'),
  )
}
