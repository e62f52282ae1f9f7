import { styleText } from 'node:util'

/** Owns how the doctor's findings look. */

/** What one examination found. */
export type Check = { readonly name: string; readonly isGood: boolean; readonly finding: string }
export type Setting = { readonly variable: string; readonly value: string; readonly isDefault: boolean }

const dim = (text: string) => styleText('dim', text)

/** The settings in force; those that are not the default stand out. */
export function printSettings(settings: readonly Setting[], origin: string): void {
  console.log(`${styleText('bold', 'Configuration')} ${dim(`(${origin})`)}`)
  const width = Math.max(...settings.map((setting) => setting.variable.length))
  for (const { variable, value, isDefault } of settings) {
    const line = `  ${variable.padEnd(width)}  ${value}`
    console.log(isDefault ? dim(line) : line)
  }
}

/** One line for each check, good or not. */
export function printChecks(checks: readonly Check[]): void {
  console.log(`\n${styleText('bold', 'Services')}`)
  const width = Math.max(...checks.map((check) => check.name.length))
  for (const { name, isGood, finding } of checks) {
    console.log(`  ${isGood ? styleText('green', '✓') : styleText('red', '✗')} ${name.padEnd(width)}  ${finding}`)
  }
}
