import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { applySettings } from '../../../queues/apply-settings.ts'
import { CATALOG, QUEUE_NAMES, type QueueName } from '../../../queues/catalog.ts'
import { describeSettings, readConfig } from '../../../shared/config.ts'
import { GAUGES } from '../../../shared/observe/metric-catalogue.ts'
import { LIVE_PATH, READY_PATH } from '../../../shared/processes/readiness.ts'

/** The files for Kubernetes by themselves: what they name exists, nothing has more rights than it needs. The services suite renders them and has each object checked by its schema. */

type Any = { readonly [key: string]: Any }
const ROOT = fileURLToPath(new URL('../../../deploy/kubernetes/', import.meta.url))
const text = (file: string) => readFileSync(`${ROOT}${file}`, 'utf8')
const one = (file: string) => parse(text(file)) as Any
const all = (file: string) => parseAllDocuments(text(file)).map((document) => document.toJS() as Any)
const files = readdirSync(ROOT, { recursive: true, withFileTypes: true }).flatMap((entry) =>
  entry.isFile() && entry.name.endsWith('.yaml') ? [`${entry.parentPath.slice(ROOT.length)}/${entry.name}`] : [],
)
const PROCESSES = [...QUEUE_NAMES, 'messages', 'web']
const process = () => one('base/process.yaml').spec?.template?.spec as Any
/** Gauges of queues that an autoscaler may ask for: what could run now, and for how long it could have. */
const SCALED_BY = /afterturn_queue_(runnable_jobs|age_seconds)/g

it('has a deployment, a disruption budget and, for a queue, a scaler of each process', () => {
  const deployments = [...all('base/workers.yaml'), ...all('base/web.yaml')].filter(
    ({ kind }) => String(kind) === 'Deployment',
  )
  expect(deployments.map(({ metadata }) => metadata?.name).sort()).toEqual(PROCESSES.toSorted())
  for (const { metadata, spec } of deployments) {
    const containers = spec?.template?.spec?.containers as unknown as Any[] | undefined
    expect(containers?.[0]).toMatchObject({
      name: 'afterturn',
      args: [metadata?.name],
    })
    expect(spec?.selector?.matchLabels).toEqual(spec?.template?.metadata?.labels)
  }
  expect(
    all('base/disruption-budgets.yaml')
      .map(({ metadata }) => metadata?.name)
      .sort(),
  ).toEqual(PROCESSES.toSorted())
  const scaled = all('components/keda/scaled-objects.yaml')
  expect(scaled.map(({ spec }) => spec?.scaleTargetRef?.name).sort()).toEqual(QUEUE_NAMES.toSorted())
})

it('scales by work that can run, in units of what one process runs at once, and never by the length of a list', () => {
  const config = readConfig({ REDIS_URL: 'redis://x', DATABASE_URL: 'postgresql://x/y' })
  for (const { metadata, spec } of all('components/keda/scaled-objects.yaml')) {
    const name = String(metadata?.name)
    const triggers = spec?.triggers as unknown as { type: string; metadata: Record<string, string> }[]
    expect(triggers.map(({ type }) => type)).toEqual(['prometheus', 'prometheus'])
    for (const { metadata: of } of triggers) {
      expect(of.query).toContain(`queue="${name}"`)
      expect(of.query?.match(SCALED_BY)).not.toBeNull()
      expect(of.query).not.toContain('afterturn_queue_jobs')
    }
    const { concurrency } = applySettings(CATALOG[name as QueueName], config)
    expect(triggers[0]?.metadata.threshold, name).toBe(String(concurrency))
    // A process of it always sweeps.
    expect(Number(spec?.minReplicaCount) > 0, name).toBe(name === 'memory-digest')
  }
})

it('restricts each pod, and gives it time to drain', () => {
  const settings = Object.fromEntries(
    text('base/settings.env')
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  )
  const known = describeSettings().map(({ variable }) => variable)
  for (const name of [...Object.keys(settings), ...secrets()]) expect(known).toContain(name)
  expect(Number(process().terminationGracePeriodSeconds) * 1_000).toBeGreaterThan(
    Number(settings.DRAIN_TIMEOUT_MS) + 10_000,
  )
  const job = one('migrate/job.yaml').spec?.template?.spec as Any
  for (const pod of [process(), job]) {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    })
    const [container] = pod.containers as unknown as Any[]
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(container?.resources?.limits?.memory).toBeDefined()
  }
  const [container] = process().containers as unknown as Any[]
  const ports = container?.ports as unknown as { name: string; containerPort: number }[]
  expect(String(ports.find(({ name }) => name === 'metrics')?.containerPort)).toBe(settings.METRICS_PORT)
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
    expect(container?.[probe]?.httpGet).toMatchObject({ port: 'metrics' })
  // A slow database must not restart workers.
  expect(container?.livenessProbe?.httpGet?.path).toBe(LIVE_PATH)
  expect(container?.readinessProbe?.httpGet?.path).toBe(READY_PATH)
})

it('holds no secret, no address of somebody’s, and no privileged pod', () => {
  for (const file of files) {
    expect(text(file), file).not.toMatch(/privileged: true|hostNetwork|hostPath|kind: Secret|password:|apiKey/i)
    expect(() => all(file), file).not.toThrow()
  }
  for (const line of text('secrets.example.env').trim().split('\n').slice(1))
    expect(line).toMatch(/PASSWORD@|=AT-LEAST|=OUTPUT|=$/)
})

it('the alerts of the operator are those of Prometheus', () => {
  const rules = readFileSync(`${ROOT}../prometheus/alerts.yml`, 'utf8')
  expect(one('components/prometheus-operator/prometheus-rule.yaml').spec).toEqual(parse(rules))
})

it('asks autoscalers’ questions of metrics that exist', () => {
  const asked = text('components/keda/scaled-objects.yaml').match(/afterturn_\w+/g) ?? []
  for (const metric of asked) expect(Object.keys(GAUGES)).toContain(metric)
})

function secrets(): string[] {
  const lines = text('secrets.example.env').split('\n')
  return lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.slice(0, line.indexOf('=')))
}
