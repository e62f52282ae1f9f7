import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeOpenApi } from '../api/http/openapi.ts'
import { OPERATIONS } from '../api/operations/catalog.ts'
import { clientRoutesModule } from './docs/client-routes-module.ts'
import { configurationPage } from './docs/configuration-page.ts'
import { connectionsPage } from './docs/connections-page.ts'
import { errorsPage } from './docs/errors-page.ts'
import { grafanaBoards } from './docs/grafana-boards.ts'
import { keysPage } from './docs/keys-page.ts'
import { metricsPage } from './docs/metrics-page.ts'
import { providersPage } from './docs/providers-page.ts'

/** A door: `npm run docs` writes the pages that the code itself knows best; with `--check` it fails when one is out of date. */

const PAGES = () => ({
  '../docs/connections.md': connectionsPage(),
  '../docs/configuration.md': configurationPage(),
  '../docs/errors.md': errorsPage(),
  '../docs/keys.md': keysPage(),
  '../docs/metrics.md': metricsPage(),
  '../docs/providers.md': providersPage(),
  '../docs/openapi.json': `${JSON.stringify(writeOpenApi(OPERATIONS), null, 1)}\n`,
  '../client/routes.ts': clientRoutesModule(),
  ...Object.fromEntries(
    Object.entries(grafanaBoards()).map(([name, text]) => [`../deploy/grafana/${name}.json`, text]),
  ),
})

const isCheck = process.argv.includes('--check')
for (const [path, text] of Object.entries(PAGES())) {
  const file = fileURLToPath(new URL(path, import.meta.url))
  if (isCheck && readIfThere(file) !== text) {
    console.error(`${path.slice(3)} is out of date: run \`npm run docs\`.`)
    process.exitCode = 1
  }
  if (!isCheck) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
