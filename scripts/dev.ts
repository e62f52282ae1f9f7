import { QUEUE_NAMES } from '../queues/catalog.ts'
import { readConfig, type ServiceAddresses } from '../shared/config.ts'
import { printFailure, runProcess } from '../shared/lifecycle.ts'
import { removeServiceAddresses, SERVICES_FILE, writeServiceAddresses } from '../shared/service-addresses.ts'
import { environmentOf, type FleetProcess, startProcess, startServices } from './services.ts'

/** A door: `npm run dev` brings everything up, and takes down what it brought up. */

const DATA_DIR = '.data/dev'

await runProcess(async () => {
  console.log('Starting the services …')
  const services = await startServices(DATA_DIR, process.env)
  const processes: FleetProcess[] = []
  let written: ServiceAddresses | undefined
  let isStopping = false
  const stop = async () => {
    isStopping = true
    console.log('\nDraining …')
    await Promise.all(processes.map((one) => one.stop()))
    if (written) await removeServiceAddresses(written)
    await services.stop()
    console.log('Stopped.')
  }
  try {
    const config = readConfig(process.env, services.addresses)
    const environment = { ...process.env, ...environmentOf(services.addresses) }
    written = { redisUrl: config.redisUrl, cacheRedisUrl: config.cacheRedisUrl, databaseUrl: config.databaseUrl }
    await writeServiceAddresses(written)
    for (const name of [...QUEUE_NAMES, 'dashboard']) {
      const one = await startProcess(name, environment)
      processes.push(one)
      void one.exited.then((code) => {
        if (!isStopping) console.error(`The process ${name} ended with ${code ?? 'a signal'}; the others go on.`)
      })
      console.log(`  ${name.padEnd(20)} process ${one.pid}`)
    }
    const dashboard = processes.at(-1)?.ready
    console.log(
      `\nDashboard   ${dashboard?.url}\nUser        ${dashboard?.user}\nPassword    ${dashboard?.password ?? 'as DASHBOARD_PASSWORD says'}`,
    )
    console.log(
      `Services    ${SERVICES_FILE} (apps that are started here find them)\n\nCtrl-C drains and stops everything.`,
    )
  } catch (error) {
    await stop().catch(printFailure)
    throw error
  }
  return { stop }
})
