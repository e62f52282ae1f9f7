import type { CodeHit } from '../../shared/repo/code-search.ts'
import type { RepoStatus } from '../../shared/repo/repos.ts'
import { SKIP_REASONS, type SkipReason } from '../../shared/repo/skip-reason.ts'
import { oneLine, quantity } from './plain-table.ts'
import { bold, dim, knownWidth, printHanging } from './terminal.ts'
import type { IndexReport } from './watch-indexing.ts'

/** Prints indexes and code hits in a terminal. */

const SHOWN_LINES = 6
const SHOWN_COLUMNS = 110
const INDENT = 10

/** Prints what a run indexed and what it skipped. */
export function printIndexed({ report, status }: { report: IndexReport; status: RepoStatus }, seconds: number): void {
  const { files, chunks, redacted, skipped } = status
  const commit = status.commit === null ? 'the working tree' : `commit ${status.commit.slice(0, 12)}`
  printHanging(INDENT, 'Serves', `${commit}: ${quantity(files, 'file')} in ${quantity(chunks, 'chunk')}`)
  const found = `${quantity(report.embedded, 'chunk')} embedded, ${report.reused} reused from the same text`
  // A file is not looked into again, nor a second one of the same content.
  const known = chunks - report.embedded - report.reused
  const unread = known > 0 ? `, ${known} in files already known` : ''
  printHanging(INDENT, 'Did', `${found}${unread}, in ${seconds.toFixed(1)} s`)
  if (redacted > 0) printHanging(INDENT, 'Redacted', quantity(redacted, 'secret'))
  if (skipped === 0) return
  const counts = [...Map.groupBy(status.skippedFiles, ({ reason }) => reason)].sort((a, b) => b[1].length - a[1].length)
  const more = skipped > status.skippedFiles.length ? ` among the first ${status.skippedFiles.length}` : ''
  printHanging(INDENT, 'Skipped', `${quantity(skipped, 'file')}${more}`)
  for (const [reason, all] of counts) {
    const examples = all.slice(0, 2).map(({ path }) => oneLine(path))
    printHanging(
      INDENT,
      '',
      `${all.length} ${reason}: ${SKIP_REASONS[reason as SkipReason]} ${dim(`(${examples.join(', ')})`)}`,
    )
  }
}

/** Prints code hits: location, scores and first lines; the repository's name too, unless it is known. */
export function printCodeHits(hits: readonly CodeHit[], isOne: boolean): void {
  for (const hit of hits) printCodeHit(hit, isOne ? '' : `${oneLine(hit.repoId)}: `)
}

function printCodeHit({ path, startLine, endLine, scope, text, why }: CodeHit, repository: string): void {
  const parts = Object.entries(why).map(([part, share]) => `${part} ${Number(share).toFixed(2)}`)
  printHanging(
    2,
    '',
    `${repository}${bold(`${oneLine(path)}:${startLine}-${endLine}`)} ${oneLine(scope)} ${dim(`(${parts.join(', ')})`)}`,
  )
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  // A program that reads this wants whole lines.
  const columns = knownWidth()
  const width = columns === undefined ? Number.POSITIVE_INFINITY : Math.min(SHOWN_COLUMNS, columns - 4)
  for (const line of lines.slice(0, SHOWN_LINES)) {
    const plain = line.replaceAll('\t', '  ').replace(/\p{Cc}+/gu, ' ')
    console.log(dim(`    ${plain.length > width ? `${plain.slice(0, width - 1)}…` : plain}`))
  }
}
