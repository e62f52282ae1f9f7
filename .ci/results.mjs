import { readFileSync } from 'node:fs'

// Reads what vitest reported: `failed FILE LOG` prints the files that failed if their tests are all that failed, `sum FOLDER [STEP...]` what passed, with
// the failed steps, and exits with 1 where anything failed.

const SUITES = ['test', 'browser', 'checkpointer', 'services', 'fault']
/** What vitest says of failures that its report leaves out: errors outside of tests, and those of a global tear-down. */
const UNREPORTED = /Vitest caught \d+ unhandled error|error during close/
const [command, place, ...rest] = process.argv.slice(2)

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

const failedOf = (report) => (report?.testResults ?? []).filter(({ status }) => status === 'failed')

function say(word, { name, message, assertionResults }) {
  if (message) console.log(`${word} ${name}: ${message.slice(0, 1000)}`)
  for (const { status, fullName, failureMessages } of assertionResults) {
    if (status === 'failed') console.log(`${word} ${name}: ${fullName}\n${failureMessages.join('\n').slice(0, 1000)}`)
  }
}

/** Prints nothing where a file that passes the second time leaves another failure: of a hook, of what tests leave behind, of no file at all. */
function printFailed([log]) {
  const files = failedOf(read(place))
  const isByTests = ({ message, assertionResults }) =>
    !message && assertionResults.some(({ status }) => status === 'failed')
  if (UNREPORTED.test(readFileSync(log, 'utf8')) || !files.every(isByTests)) return
  for (const { name } of files) console.log(name)
}

function sum(failedSteps) {
  let [passed, failed, flaky] = [0, 0, 0]
  for (const suite of SUITES) {
    const report = read(`${place}/${suite}.json`) ?? { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
    const again = read(`${place}/${suite}-again.json`)
    const isFlaky = again?.success === true && !failedSteps.includes(suite)
    for (const file of failedOf(report)) say(isFlaky ? 'FLAKY' : 'FAILED', file)
    const { numPassedTests, numFailedTests, numPendingTests } = report
    console.log(
      `${suite}: ${numPassedTests} passed, ${numFailedTests} ${isFlaky ? 'passed the second time' : 'failed'}, ${numPendingTests} skipped`,
    )
    passed += numPassedTests
    if (isFlaky) flaky += Math.max(numFailedTests, 1)
    else failed += numFailedTests
    // A suite that did not finish, or in which nothing ran, counts as one failure.
    if (numFailedTests === 0 && !isFlaky && (numPassedTests === 0 || failedSteps.includes(suite))) failed += 1
  }
  failed += failedSteps.filter((step) => !SUITES.includes(step)).length
  if (failedSteps.length > 0) console.log(`failed steps: ${failedSteps.join(', ')}`)
  console.log(`${passed} passed, ${failed} failed${flaky > 0 ? `, ${flaky} flaky` : ''}`)
  process.exit(failed === 0 ? 0 : 1)
}

if (command === 'sum') sum(rest)
else printFailed(rest)
