import { ERROR_CATALOGUE } from '../../shared/errors.ts'
import { code, markdownTable } from './markdown.ts'

/** `docs/errors.md`: every code of an error, and what to do about it. */

export function errorsPage(): string {
  return `# Errors

<!-- Written by \`npm run docs\` from shared/errors.ts. -->

Every failure that a caller can meet is an \`AfterturnError\` with one of these codes. \`retryable\` says whether the same call may succeed
later. Errors of a write also carry \`recorded\`: \`yes\`, \`no\`, or \`unknown\`; after \`unknown\`, repeat the call with the same id.

${markdownTable(
  ['code', 'retryable', 'what to do'],
  Object.entries(ERROR_CATALOGUE).map(([name, entry]) => [code(name), entry.retryable ? 'yes' : 'no', entry.remedy]),
)}
`
}
