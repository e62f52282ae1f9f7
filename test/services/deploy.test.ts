import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { prepareDeployTools } from '../../scripts/deploy-tools.mjs'

/** The deployment files through the programs that will read them: kubectl renders them, each object is checked by its schema, promtool fires each alert. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DEPLOY = join(ROOT, 'deploy')

type Tool = { readonly path: string } | { readonly skipReason: string }
type KubernetesObject = { apiVersion: string; kind: string; metadata: { name: string }; spec?: object }
type Model = new (input: object) => { validate(): void }

// Programs of others, on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

const { kubectl, promtool, schemas } = await prepareDeployTools(ROOT)
for (const [name, tool] of Object.entries({ kubectl, promtool, schemas }))
  if ('skipReason' in tool) console.error(`services: no ${name}: ${tool.skipReason}`)
const pathOf = (tool: Tool) => ('path' in tool ? tool.path : '')

function render(directory: string): KubernetesObject[] {
  const { status, stdout, stderr } = spawnSync(pathOf(kubectl), ['kustomize', join(DEPLOY, 'kubernetes', directory)], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject)
}

const PACKAGES: Record<string, string> = {
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
}

/** @throws as the schema of the object's kind says */
async function validate(object: KubernetesObject): Promise<void> {
  const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : []
  const module = join(pathOf(schemas), PACKAGES[group] ?? 'kubernetes-models', object.apiVersion, 'index.js')
  const Kind = ((await import(module)) as Record<string, Model>)[object.kind]
  if (!Kind) throw new Error(`no schema of ${object.apiVersion} ${object.kind}`)
  new Kind(object).validate()
}

describe.skipIf('skipReason' in kubectl || 'skipReason' in schemas)('Kubernetes', () => {
  it.each(['base', 'migrate', 'overlays/small', 'overlays/ha'])(
    '%s renders to objects that their schemas take',
    async (directory) => {
      const objects = render(directory)
      for (const object of objects)
        await expect(validate(object), `${object.kind} ${object.metadata.name}`).resolves.toBeUndefined()
      const text = JSON.stringify(objects)
      expect(text.match(/"runAsNonRoot":true/g)?.length).toBe(directory === 'migrate' ? 1 : 8)
      expect(text.match(/"readOnlyRootFilesystem":true/g)?.length).toBe(directory === 'migrate' ? 1 : 8)
    },
  )

  it('leaves the number of replicas to the autoscaler where there is one', () => {
    const deployments = render('overlays/ha').filter(({ kind }) => kind === 'Deployment')
    const fixed = deployments.filter(({ spec }) => spec !== undefined && 'replicas' in spec)
    expect(fixed.map(({ metadata }) => metadata.name)).toEqual(['web'])
  })

  it('what a schema does not take is found', async () => {
    const [deployment] = render('base').filter(({ kind }) => kind === 'Deployment')
    await expect(validate({ ...deployment, spec: { replicas: 'two' } } as never)).rejects.toThrow()
  })
})

describe.skipIf('skipReason' in promtool)('Prometheus', () => {
  const ask = (...args: string[]) =>
    spawnSync(pathOf(promtool), args, { encoding: 'utf8', cwd: join(DEPLOY, 'prometheus') })

  it('takes the rules, fires each alert, and lets each rest', () => {
    expect(ask('check', 'rules', 'alerts.yml')).toMatchObject({ status: 0 })
    const { status, stdout, stderr } = ask('test', 'rules', 'alerts.test.yml')
    expect(stdout + stderr).toContain('SUCCESS')
    expect(status).toBe(0)
  })

  it('takes each expression of the boards', () => {
    const directory = mkdtempSync(join(tmpdir(), 'afterturn-boards-'))
    const expressions = ['fleet', 'queues', 'models'].flatMap((name) => {
      const board = JSON.parse(readFileSync(join(DEPLOY, `grafana/${name}.json`), 'utf8')) as {
        panels: { targets: { expr: string }[] }[]
      }
      return board.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    })
    const rules = expressions.map((expr, index) => ({
      record: `board:${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$queue', '.*'),
    }))
    // YAML holds JSON.
    writeFileSync(join(directory, 'boards.yml'), JSON.stringify({ groups: [{ name: 'boards', rules }] }))
    expect(ask('check', 'rules', join(directory, 'boards.yml'))).toMatchObject({ status: 0 })
    rmSync(directory, { recursive: true })
  })
})
