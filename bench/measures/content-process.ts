import { createContentCache } from '../../shared/cache/faces/content-cache.ts'
import { connectCache, ready } from '../../test/helpers/cache-connection.ts'
import { createTestCache } from '../../test/helpers/loaded-cache.ts'

/** A process of `content-cache.bench.ts`: on each message it asks for one content many times at once; its parent is the source. */

const [url = '', callers = '1'] = process.argv.slice(2)
const redis = connectCache(url)
await ready(redis)
const plugins = createContentCache(createTestCache(redis), 'bench', {
  load: () =>
    new Promise((resolve) => {
      process.once('message', () => resolve({ 'manifest.json': '{}' }))
      process.send?.('load')
    }),
})
process.on('message', async (message) => {
  if (message !== 'get') return
  const at = { orgId: 'bench', slug: 'plugin', version: '1' }
  await Promise.all(Array.from({ length: Number(callers) }, () => plugins.manifest(at)))
  process.send?.('done')
})
process.send?.('ready')
