import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parser } from '@prometheus-io/lezer-promql'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { COUNTERS, GAUGES, HISTOGRAMS } from '../../../shared/observe/metric-catalogue.ts'

/** Every expression of the alerts and the boards is PromQL, and asks for metrics and labels that the fleet has. The services suite has promtool fire each alert. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string) => readFileSync(`${ROOT}/${file}`, 'utf8')

type Rule = { alert: string; expr: string; labels: { severity: string }; annotations: Record<string, string> }
const rules = (parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
)
type Board = { title: string; uid: string; panels: { title: string; targets: { expr: string }[] }[] }
const boards = readdirSync(`${ROOT}/deploy/grafana`).map((file) => JSON.parse(read(`deploy/grafana/${file}`)) as Board)

const SUFFIXES = ['_bucket', '_sum', '_count']
/** Each metric with its labels; those of Prometheus itself are on all. */
const LABELS: Record<string, readonly string[]> = {
  ...Object.fromEntries(Object.entries({ ...COUNTERS, ...GAUGES }).map(([name, { labels }]) => [name, labels])),
  ...Object.fromEntries(
    Object.entries(HISTOGRAMS).flatMap(([name, { labels }]) =>
      SUFFIXES.map((suffix) => [`${name}${suffix}`, [...labels, 'le']]),
    ),
  ),
}
const OF_PROMETHEUS = ['job', 'instance']

function defaultMetrics(): string[] {
  const register = new Registry()
  collectDefaultMetrics({ register })
  return register.getMetricsAsArray().map(({ name }) => name)
}

/** The names of metrics and labels in an expression, or its first fault. Grafana's variables stand for what it puts there. */
function readExpression(expr: string): { metrics: string[]; labels: string[]; fault: string | undefined } {
  const plain = expr.replaceAll('$__rate_interval', '5m').replaceAll('$queue', '.*')
  const found: { metrics: string[]; labels: string[]; fault: string | undefined } = {
    metrics: [],
    labels: [],
    fault: undefined,
  }
  parser.parse(plain).iterate({
    enter({ name, from, to, node, type }) {
      const said = plain.slice(from, to)
      if (type.isError) found.fault ??= `at ${from}: ${plain}`
      else if (name === 'Identifier' && node.parent?.name === 'VectorSelector') found.metrics.push(said)
      else if (name === 'LabelName') found.labels.push(said)
    },
  })
  return found
}

function check(expr: string): void {
  const { metrics, labels, fault } = readExpression(expr)
  expect(fault).toBeUndefined()
  expect(metrics.length, expr).toBeGreaterThan(0)
  const known = [...Object.keys(LABELS), ...defaultMetrics()]
  for (const metric of metrics) expect(known, expr).toContain(metric)
  const mayBe = [...metrics.flatMap((metric) => LABELS[metric] ?? []), ...OF_PROMETHEUS]
  for (const label of labels) expect(mayBe, expr).toContain(label)
}

describe('alerts', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for what there is, and has a runbook',
    (_, rule) => {
      check(rule.expr)
      const name = rule.alert.replace(/^Afterturn/, '')
      expect(rule.annotations.runbook_url).toMatch(new RegExp(`/docs/runbooks/${name}\\.md$`))
      expect(['info', 'warning', 'critical']).toContain(rule.labels.severity)
      const book = read(`docs/runbooks/${name}.md`)
      for (const part of ['Who is hurt.', 'Look here', 'Do this', 'It is over when'])
        expect(book).toContain(`**${part}`)
    },
  )

  it('have no name twice, no runbook without its alert, and two tests of promtool each', () => {
    const names = rules.map(({ alert }) => alert.replace(/^Afterturn/, ''))
    expect(new Set(names).size).toBe(names.length)
    expect(
      readdirSync(`${ROOT}/docs/runbooks`)
        .map((file) => file.replace(/\.md$/, ''))
        .sort(),
    ).toEqual(names.toSorted())
    const { tests } = parse(read('deploy/prometheus/alerts.test.yml')) as { tests: { name: string }[] }
    expect(tests.map(({ name }) => name)).toEqual(names.flatMap((name) => [`${name} fires`, `${name} rests`]))
  })

  it('never add up what every replica of the dashboard says', () => {
    const gauges = Object.keys(GAUGES).join('|')
    for (const { expr } of [...rules, ...boards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets))])
      expect(expr).not.toMatch(new RegExp(`sum( by \\([^)]*\\))? ?\\((${gauges})`))
  })
})

describe('boards', () => {
  it('are three, with a title and an address of their own', () => {
    expect(boards.map(({ uid }) => uid).sort()).toEqual(['afterturn-fleet', 'afterturn-models', 'afterturn-queues'])
  })

  it.each(boards.map((board) => [board.title, board] as const))('%s asks for what there is', (_, { panels }) => {
    for (const { targets } of panels) for (const { expr } of targets) check(expr)
  })
})

it('a wrong expression is found', () => {
  expect(() => check('sum by (queue (afterturn_turns)')).toThrow()
  expect(() => check('max(afterturn_turnz)')).toThrow()
  expect(() => check('max by (quue) (afterturn_turns)')).toThrow()
})
