/** Beside the sources, commands are scripts of npm; what npm installs is JavaScript, with one binary. A bundle may have no address. */
const IS_SOURCE = (import.meta.url ?? '').endsWith('.ts')

/** Returns what a person types for a command here: `npm run doctor` in a checkout, `npx afterturn doctor` where the package is installed. */
export function commandText(name: string, args = ''): string {
  if (!IS_SOURCE) return ['npx afterturn', name, args].join(' ').trim()
  return args === '' ? `npm run ${name}` : `npm run ${name} -- ${args}`
}
