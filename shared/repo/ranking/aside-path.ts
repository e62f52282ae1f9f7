import { kindOfPath } from './kind-priorities.ts'

/**
 * Owns telling the source that people look for from what stands beside it: tests, examples, demos, documentation, stand-ins. They speak of the
 * same things, and more often. Pure; by names of directories and files, in any case style, and by the modules that hold a file's own tests.
 */

const NAMES =
  'tests?|testing|testdata|specs?|e2e|fixtures?|mocks?|stubs?|bench(?:es|marks?)?|examples?|samples?|demos?|playgrounds?|stories|sandbox|tutorials?|snippets?'
const BY_WORD = new RegExp(`(?:^|[/_.-])(?:__)?(?:${NAMES})(?:__)?(?:[/_.-]|$)`, 'i')
/** `jvmTest/`, `DateTests.swift`; a word that only ends in the same letters, as `latest`, has no capital. */
const BY_CAPITAL =
  /[a-z0-9](?:Tests?|Specs?|Mocks?|Stubs?|Fixtures?|Bench(?:marks?)?|Examples?|Samples?|Demos?|Stories)(?=[/._-]|$)/
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
export const ASIDE_WORDS =
  'test spec e2e fixture mock stub bench benchmark example sample demo playground story docs documentation tutorial snippet'
