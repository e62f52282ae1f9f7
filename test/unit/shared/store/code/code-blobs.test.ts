import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { unpackTexts } from '../../../../../shared/store/code/code-blobs.ts'
import { zstdCompressSync } from '../../../../../shared/zstd.ts'

it('unpacks sources while the process does other things', async () => {
  const texts = new Map([7, 3].map((blob) => [blob, `größe ${blob}\n`.repeat(100_000)]))
  const sources = new Map([...texts].map(([blob, text]) => [blob, zstdCompressSync(text)]))
  const ended: string[] = []
  await Promise.all([
    unpackTexts(sources).then((unpacked) => ended.push('texts') && expect(unpacked).toEqual(texts)),
    setImmediate().then(() => ended.push('other')),
  ])
  expect(ended).toEqual(['other', 'texts'])
})
