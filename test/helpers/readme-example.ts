import { readFileSync } from 'node:fs'

/** The README's example: the one block of TypeScript in it. */
export function readmeExample(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code as string)
  if (blocks.length !== 1) throw new Error(`Expected one block of TypeScript in README.md, got ${blocks.length}.`)
  return blocks[0] as string
}
