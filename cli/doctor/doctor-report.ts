import { styleText } from 'node:util'
import { bold, dim, printHanging } from '../output/terminal.ts'

/** Prints the doctor's findings. */

/** The result of one check, with a remedy if it is not good. */
export type Check = {
  readonly name: string
  readonly isGood: boolean
  readonly finding: string
  /** Further findings, one per line. */
  readonly details?: readonly string[]
  /** Good now, but it needs attention. */
  readonly isWarning?: boolean
  readonly remedy?: string | undefined
}
export type Setting = { readonly variable: string; readonly value: string; readonly isDefault: boolean }

/** Prints the settings in force; those that differ from the default are highlighted. */
export function printSettings(settings: readonly Setting[], origin: string): void {
  console.log(`${bold('Configuration')} ${dim(`(${origin})`)}`)
  const indent = Math.max(...settings.map((setting) => setting.variable.length)) + 4
  for (const { variable, value, isDefault } of settings) {
    const style = isDefault ? dim : (text: string) => text
    printHanging(indent, style(`  ${variable}`), style(value))
  }
}

/** Prints all of it as one JSON object, for programs; returns whether all is good. */
export function printFindings(settings: readonly Setting[], checks: readonly Check[]): boolean {
  const isGood = checks.every((check) => check.isGood)
  console.log(JSON.stringify({ isGood, settings, checks }))
  return isGood
}

/** Prints each check's finding, followed by its remedy. */
export function printChecks(title: string, checks: readonly Check[]): void {
  console.log(bold(title))
  const width = Math.max(...checks.map((check) => check.name.length))
  const indent = width === 0 ? 4 : width + 6
  for (const { name, isGood, isWarning, finding, details = [], remedy } of checks) {
    const mark = isGood ? (isWarning ? styleText('yellow', '!') : styleText('green', '✓')) : styleText('red', '✗')
    printHanging(indent, `  ${mark} ${name}`, finding)
    for (const detail of details) printHanging(indent, '', detail)
    if (remedy !== undefined) printHanging(indent, '', `→ ${remedy}`)
  }
}
