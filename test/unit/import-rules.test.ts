import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** The rules of the house, over the real import statements. Each rule has its reason beside it; a rule that must change, changes here first. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = '{runtime,queues,workers,shared,api,client,adapters,dashboard,demo,bench,cli,scripts}'
const files = globSync(['*.ts', `${FOLDERS}/**/*.{ts,mjs}`], { cwd: ROOT }).filter((file) => !/^vitest\./.test(file))
const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]))

/** One import statement: whether it vanishes when types are stripped, and where it leads: a file of the project, or a package. */
type Import = { readonly from: string; readonly to: string; readonly isPackage: boolean; readonly isTypeOnly: boolean }

const STATEMENT =
  /^(?:import|export)\s+(type\s+)?([^'";]*?)from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm
const imports: Import[] = [...sources].flatMap(([from, text]) =>
  [...text.matchAll(STATEMENT)].map(([, type, names = '', ...addresses]) => {
    const address = addresses.find((found) => found !== undefined) as string
    const isPackage = !address.startsWith('.')
    const named = [...names.matchAll(/[\w$*][\w$ *]*/g)].map(([name]) => name)
    const isTypeOnly = type !== undefined || (named.length > 0 && named.every((name) => name.startsWith('type ')))
    return { from, to: isPackage ? address : normalize(join(dirname(from), address)), isPackage, isTypeOnly }
  }),
)
const inProject = imports.filter((one) => !one.isPackage && sources.has(one.to))

const isDoor = (file: string) =>
  ['index.ts', 'env.ts', 'late-runtime.ts', 'client/index.ts'].includes(file) ||
  /^adapters\/[^/]+\/index\.ts$/.test(file) ||
  basename(file) === 'main.ts' ||
  /^(cli|scripts|demo|bench)\//.test(file)

/** The room of a file: `workers`, `shared/store`, `runtime.ts`; the files that lie in `shared/` itself, its settings, processes and texts, are its base. */
function roomOf(file: string): string {
  if (isDoor(file)) return 'door'
  const [first = '', second = ''] = file.split('/')
  if (first !== 'shared') return first
  return file.split('/').length === 2 || ['settings', 'processes', 'text'].includes(second)
    ? 'base'
    : `shared/${second}`
}

const describeImport = (one: Import) => `${one.from} imports ${one.to}`
const isShared = (room: string) => room === 'base' || room.startsWith('shared/')

/** What each room may import besides itself and, where it is not shared, all of `shared`. */
const HOUSE: Record<string, readonly string[]> = {
  // A contract knows neither its handler nor a page about it, so that a producer needs no worker's code.
  queues: [],
  // Workers do what queues say. They draw nothing and are put together by the runtime, not by themselves.
  workers: ['queues'],
  // The dashboard watches queues; a web process that pulls in handlers would pull in models too.
  dashboard: ['queues'],
  // Programs ask for what is there; a process that answers them needs neither handlers nor pages.
  api: ['queues'],
  // They run inside programs of others: types of what is here, and the packages of those.
  client: ['queues'],
  // An adapter runs inside other programs: it is handed a runtime, and may import its own optional peer.
  adapters: [],
  // The composition root is the one place that knows all rooms.
  'runtime.ts': ['runtime', 'queues', 'workers', 'dashboard'],
  runtime: ['queues', 'workers', 'dashboard'],
}

const LOWER = ['base', 'shared/observe', 'shared/redact']
const MIDDLE = ['shared/redis', 'shared/lock', 'shared/limit', 'shared/cache', 'shared/store', 'shared/ai']
const SHARED: Record<string, readonly string[]> = {
  // Everything stands on it, so it stands on nothing.
  base: [],
  'shared/observe': ['base'],
  // Pure functions of a text: whoever stores or shows one may ask whether it holds a secret.
  'shared/redact': ['base'],
  // Connections report what happens to them; what runs on Redis takes them as given.
  'shared/redis': LOWER,
  'shared/lock': [...LOWER, 'shared/redis'],
  // The pace of the whole fleet is kept in Redis; a provider is handed it.
  'shared/limit': [...LOWER, 'shared/redis'],
  'shared/cache': [...LOWER, 'shared/redis'],
  // The truth must work with Redis away: it cannot import it.
  'shared/store': LOWER,
  // A provider serves any task; it knows neither where results go nor where vectors are cached.
  'shared/ai': LOWER,
  // What apps read and write is made of all that is below it, and of no other room on its level.
  'shared/control': [...LOWER, ...MIDDLE],
  'shared/memory': [...LOWER, ...MIDDLE],
  // Pure functions of messages: whoever takes or gives them may turn one form into another.
  'shared/formats': ['base'],
  'shared/context': [...LOWER, ...MIDDLE, 'shared/formats'],
  'shared/repo': [...LOWER, ...MIDDLE],
  // Who is logged in, over the store; it is handed its sealing.
  'shared/session': [...LOWER, ...MIDDLE],
  // Answers are compared by an embedder that it is handed, over cache and store.
  'shared/answers': [...LOWER, ...MIDDLE],
  // Who may do what. Caches are handed its sealing, and do not import it.
  'shared/access': [...LOWER, ...MIDDLE],
  'shared/state': [...LOWER, ...MIDDLE],
  'shared/events': [...LOWER, ...MIDDLE],
  'shared/messages': [...LOWER, ...MIDDLE],
}

describe('imports run one way', () => {
  it('finds the import statements', () => {
    expect(inProject.length).toBeGreaterThan(200)
    expect(imports.filter((one) => !one.isPackage && !sources.has(one.to) && !one.to.startsWith('test/'))).toEqual([])
  })

  it('workers -> queues -> shared, dashboard -> queues -> shared', () => {
    const broken = inProject.filter(({ from, to }) => {
      const [room, target] = [roomOf(from), roomOf(to)]
      const allowed = HOUSE[room]
      return allowed !== undefined && target !== room && !isShared(target) && !allowed.includes(target)
    })
    expect(broken.map(describeImport)).toEqual([])
  })

  it('shared imports shared only, and there from the base upwards; siblings meet through types', () => {
    const broken = inProject.filter(({ from, to, isTypeOnly }) => {
      const [room, target] = [roomOf(from), roomOf(to)]
      if (!isShared(room) || room === target) return false
      if (SHARED[room]?.includes(target)) return false
      // A type is no dependency at run time: the lock is handed a store, the cache an embedder.
      return !(isTypeOnly && MIDDLE.includes(room) && MIDDLE.includes(target))
    })
    expect(broken.map(describeImport)).toEqual([])
  })

  it('never in a circle, for types neither: files that name each other can only be read together', () => {
    let circular = inProject
    for (let count = 0; count !== circular.length; ) {
      count = circular.length
      const [importers, imported] = [new Set(circular.map(({ from }) => from)), new Set(circular.map(({ to }) => to))]
      circular = circular.filter(({ from, to }) => imported.has(from) && importers.has(to))
    }
    expect(circular.map(describeImport)).toEqual([])
  })

  it('adapters import of shared its types and the formats, which need no service; nobody imports adapters', () => {
    const isLight = (to: string) => roomOf(to) === 'shared/formats'
    const broken = inProject.filter(
      ({ from, to, isTypeOnly }) =>
        (roomOf(from) === 'adapters' && isShared(roomOf(to)) && !isTypeOnly && !isLight(to)) ||
        (roomOf(to) === 'adapters' && !/^(adapters|bench|demo)\//.test(from)),
    )
    expect(broken.map(describeImport)).toEqual([])
  })

  it('every room is one that the rules know', () => {
    const known = ['door', ...Object.keys(HOUSE), ...Object.keys(SHARED)]
    expect([...new Set(files.map(roomOf))].filter((room) => !known.includes(room))).toEqual([])
  })
})

describe('programs of others', () => {
  it('run the client without the rest: it imports types, errors, and what writes commands, paths and states', () => {
    const broken = imports.filter(
      ({ from, to, isTypeOnly }) =>
        from.startsWith('client/') &&
        !isTypeOnly &&
        !/^(client\/|shared\/(errors|path-segment|state\/state-json)\.ts$)/.test(to),
    )
    expect(broken.map(describeImport)).toEqual([])
    const further = imports.filter(({ from }) => ['shared/errors.ts', 'shared/path-segment.ts'].includes(from))
    expect(further.map(({ to }) => to)).toEqual(['shared/processes/command-text.ts', 'shared/errors.ts'])
  })

  it('are imported by doors only', () => {
    const broken = inProject.filter(
      ({ from, to }) => to.startsWith('client/') && !isDoor(from) && !from.startsWith('client/'),
    )
    expect(broken.map(describeImport)).toEqual([])
  })
})

describe('doors', () => {
  it('are imported by doors only: a door reads the environment and ends the process', () => {
    expect(inProject.filter(({ from, to }) => isDoor(to) && !isDoor(from)).map(describeImport)).toEqual([])
  })

  it('alone import the runtime: whoever is part of it cannot make one', () => {
    const broken = inProject.filter(
      ({ from, to }) =>
        (to === 'runtime.ts' && !isDoor(from)) || (roomOf(to) === 'runtime' && !roomOf(from).startsWith('runtime')),
    )
    expect(broken.map(describeImport)).toEqual([])
  })

  it('alone read the environment, handle signals and exit: two runtimes in one process must not meet', () => {
    // lifecycle.ts is how doors handle signals and exit; the next test sees to it that nobody else uses it.
    const inside = [...sources].filter(([file]) => !isDoor(file) && file !== 'shared/processes/lifecycle.ts')
    const broken = inside.filter(([, text]) =>
      /\bprocess\s*\.\s*(env|exit|exitCode|abort)\b|process\s*\.\s*(on|once)\('SIG/.test(withoutComments(text)),
    )
    expect(broken.map(([file]) => file)).toEqual([])
  })

  it('alone use the lifecycle of a process', () => {
    const broken = inProject.filter(({ from, to }) => to === 'shared/processes/lifecycle.ts' && !isDoor(from))
    expect(broken.map(describeImport)).toEqual([])
  })

  it('index.ts re-exports and does nothing else: importing the package has no effect', () => {
    const text = withoutComments(sources.get('index.ts') ?? '')
    const rest = text.replace(/^export (type )?\{[^}]*\} from '[^']+';?$/gm, '').trim()
    // It says which Node is needed, before a file is met that an old one cannot read.
    expect(rest).toBe("import './shared/require-node.ts'")
  })
})

describe('packages', () => {
  it('that the published code imports are dependencies, not tools of a checkout', () => {
    const { name: own, dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const published = imports.filter(({ from, isPackage }) => isPackage && !/^(cli|scripts|demo|bench)\//.test(from))
    const used = new Set(published.map(({ to }) => /^(@[^/]+\/)?[^/]+/.exec(to)?.[0] as string))
    const known = { ...dependencies, ...peerDependencies, [own]: '' }
    expect([...used].filter((name) => !name.startsWith('node:') && !(name in known))).toEqual([])
    // Only an adapter may need what an app may not have.
    const ofPeers = published.filter(
      ({ from, to }) =>
        !from.startsWith('adapters/') && Object.keys(peerDependencies).some((name) => `${to}/`.startsWith(`${name}/`)),
    )
    expect(ofPeers.map(describeImport)).toEqual([])
  })
})

describe('exported names', () => {
  const EXPORTED = /^export (?:abstract |async )?(?:const|function\*?|class|interface|type) (\w+)/gm
  const defined = [...sources].flatMap(([file, text]) =>
    [...text.matchAll(EXPORTED)].map(([, name = '']) => ({ file, name })),
  )

  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const entries = new Set(
    JSON.stringify(exports)
      .match(/[\w/-]+(?=\.js")/g)
      ?.map((path) => `${path.replace(/^\/?dist\//, '')}.ts`),
  )

  it('stand for one thing each: searching a name finds its one meaning', () => {
    const twice = Map.groupBy(defined, ({ name }) => name)
    expect([...twice.values()].filter((all) => all.length > 1)).toEqual([])
  })

  it('are used by another file, or they are not exported', () => {
    const tests = globSync('test/**/*.ts', { cwd: ROOT }).map((file) => [file, readFileSync(join(ROOT, file), 'utf8')])
    const users = new Map<string, Set<string>>()
    for (const [file = '', text = ''] of [...sources, ...tests])
      for (const [name] of withoutComments(text).matchAll(/\w+/g))
        users.set(name, (users.get(name) ?? new Set()).add(file))
    const unused = defined.filter(({ file, name }) => !entries.has(file) && users.get(name)?.size === 1)
    expect(unused).toEqual([])
  })
})

describe('files', () => {
  const MAX_LINES = 400
  const MAX_MEDIAN_LINES = 120
  const MAX_FILES_OF_FOLDER = 20
  const named = globSync(
    [
      '*.ts',
      `{runtime,queues,workers,shared,api,client,adapters,dashboard,demo,bench,cli,scripts,test}/**/*.{ts,mjs,lua,sql,css}`,
    ],
    {
      cwd: ROOT,
    },
  )

  it('are named in kebab-case after what they hold; `utils` holds anything', () => {
    const odd = named.filter(
      (file) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench|config|(browser|services)\.config))?\.\w+$/.test(basename(file)),
    )
    expect(odd.filter((file) => !/^\d{4}_[a-z_]+\.sql$/.test(basename(file)))).toEqual([])
    expect(named.filter((file) => /\b(utils?|helpers?|misc|common)\.\w+$/.test(file))).toEqual([])
  })

  it('fit in a head: 400 lines at most, 120 in the median', () => {
    const lines = named.map((file) => ({
      file,
      lines: readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length,
    }))
    expect(lines.filter((one) => one.lines > MAX_LINES)).toEqual([])
    const sorted = lines.map((one) => one.lines).sort((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(MAX_MEDIAN_LINES)
  })

  it('stand twenty to a folder at most; of benchmarks, as of tests, there is one for each subject', () => {
    const sources = named.filter((file) => file.endsWith('.ts') && !/^(test|bench)\//.test(file))
    const folders = Object.entries(Object.groupBy(sources, dirname))
    expect(folders.filter(([, files]) => (files?.length ?? 0) > MAX_FILES_OF_FOLDER).map(([folder]) => folder)).toEqual(
      [],
    )
  })

  it('hold nothing that type stripping cannot strip, and no name with an I in front', () => {
    const broken = [...sources].filter(([, text]) =>
      /^\s*(export )?(declare )?(const )?(enum|namespace) |^\s*(export )?interface I[A-Z]/m.test(withoutComments(text)),
    )
    expect(broken.map(([file]) => file)).toEqual([])
  })
})

/** Good enough for the checks above: a `//` inside a text goes too. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
