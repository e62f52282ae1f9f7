import { QUEUE_NAMES } from '../queues/catalog.ts'
import { type Config, readConfig } from '../shared/config.ts'
import { AfterturnError } from '../shared/errors.ts'
import { printFailure, type Running, runProcess } from '../shared/processes/lifecycle.ts'
import { claimServicesFile, SERVICES_FILE } from '../shared/processes/service-addresses.ts'
import { runOperatorCommand } from './operator-command.ts'
import { findFreePort } from './services/free-port.ts'
import { environmentOf, type StartedProcess, startProcess, startServices } from './services/services.ts'

/** A door: `dev` starts everything, and on Ctrl-C stops what it started. */

const DATA_DIR = '.data/dev'

export function runDev(args: readonly string[]): Promise<void> {
  return runOperatorCommand('dev', args, (command) => {
    command
      .description('Runs the services, the workers, the dashboard and the API until Ctrl-C.')
      .action(() => runProcess(startAll))
  })
}

async function startAll(): Promise<Running> {
  const file = await claimServicesFile()
  if (file.heldBy !== undefined) {
    throw new AfterturnError('SETUP_FAILED', `Process ${file.heldBy} already runs the services of this directory.`, {
      remedy: `Use them: ${SERVICES_FILE} has their addresses. Or stop them (kill ${file.heldBy}) and run the command again.`,
    })
  }
  const stops = [file.release]
  let isStopping = false
  const stop = async () => {
    isStopping = true
    console.log('\nDraining …')
    for (const stopOne of stops.splice(0).reverse()) await stopOne()
    console.log('Stopped.')
  }
  try {
    console.log('Starting the services …')
    const services = await startServices(DATA_DIR, process.env)
    stops.push(services.stop)
    const config = readConfig(process.env, services.addresses)
    const { redisUrl, cacheRedisUrl, databaseUrl, metricsPort } = config
    await file.write({ ...(redisUrl !== undefined && { redisUrl }), cacheRedisUrl, databaseUrl })

    const processes: StartedProcess[] = []
    stops.push(async () => void (await Promise.all(processes.map((one) => one.stop()))))
    const ports = await freePortsFor(config)
    // The workers do the part of the process `messages` too.
    const environment = { MESSAGING: 'true', ...process.env, ...environmentOf(services.addresses), ...ports }
    for (const [index, name] of [...QUEUE_NAMES, 'dashboard', 'api'].entries()) {
      const one = await startProcess(name, { ...environment, ...portOfItsOwn(metricsPort, index) })
      processes.push(one)
      void one.exited.then((code) => {
        if (!isStopping) console.error(`The process ${name} ended with ${code ?? 'a signal'}; the others continue.`)
      })
      console.log(`  ${name.padEnd(20)} process ${one.pid}  ${one.ready.metricsUrl ?? ''}`.trimEnd())
    }
    const [dashboard, api] = processes.slice(-2).map(({ ready }) => ready)
    console.log(
      `\nDashboard   ${dashboard?.url}\nUser        ${dashboard?.user}\nPassword    ${dashboard?.password ?? 'as DASHBOARD_PASSWORD says'}\nAPI         ${api?.url}\nKey         ${api?.key ?? 'of `afterturn keys create`'}`,
    )
    console.log(
      `Services    ${SERVICES_FILE} (apps started in this directory find them)\n\nCtrl-C drains and stops everything.`,
    )
    return { stop, failed: services.failed }
  } catch (error) {
    await stop().catch(printFailure)
    throw error
  }
}

/** Ports that are free, where the environment names none: the default of the dashboard is that of many apps. */
async function freePortsFor(config: Config): Promise<{ API_PORT?: string; DASHBOARD_PORT?: string }> {
  const { apiHost, apiPort, dashboardHost, dashboardPort } = config
  const api = process.env.API_PORT ? apiPort : await findFreePort(apiHost, apiPort)
  if (process.env.DASHBOARD_PORT) return { API_PORT: String(api) }
  const dashboard = await findFreePort(dashboardHost, dashboardPort, [api])
  if (dashboard !== dashboardPort)
    console.log(`  Port ${dashboardPort} is taken: the dashboard listens on ${dashboard}.`)
  return { API_PORT: String(api), DASHBOARD_PORT: String(dashboard) }
}

/** The metrics port of one of several processes: they count up from the configured port. */
function portOfItsOwn(metricsPort: number | undefined, index: number): { METRICS_PORT?: string } {
  return metricsPort ? { METRICS_PORT: String(metricsPort + index) } : {}
}
