import { expect, it } from 'vitest'
import { parseSource } from '../../../../../shared/repo/repo-source.ts'
import { admitHost, type RemoteSource } from '../../../../../workers/repo/git/clone-host.ts'

const admit = (source: string, addresses: readonly string[], named?: readonly string[]) =>
  admitHost(parseSource(source) as RemoteSource, named, async () => addresses)

it('holds git to the addresses that a name had', async () => {
  expect(await admit('https://Git.example.org./x', ['93.184.215.14', '2606:2800::1'])).toEqual({
    settings: { 'http.curloptResolve': 'git.example.org:443:93.184.215.14,2606:2800::1' },
  })
  expect(await admit('git@git.example.org:x', ['93.184.215.14'])).toEqual({
    sshAddress: { address: '93.184.215.14', alias: 'git.example.org' },
  })
  expect(await admit('ssh://git.example.org:2222/x', ['93.184.215.14'])).toEqual({
    sshAddress: { address: '93.184.215.14', alias: '[git.example.org]:2222' },
  })
})

it.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.0.1',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  '2001:db8::1',
])('refuses a name with the address %s, also beside a public one', async (address) => {
  await expect(admit('https://a.example/x', ['93.184.215.14', address])).rejects.toMatchObject({
    code: 'REPO_REFUSED',
  })
})

it('asks for no address of a host that is named, and refuses all others', async () => {
  const named = ['git.local', 'other.local:8443']
  for (const source of [
    'https://git.local/x',
    'https://GIT.local:9/x',
    'ssh://git.local/x',
    'https://other.local:8443/x',
  ])
    expect(await admit(source, ['10.0.0.1'], named), source).toEqual({})
  for (const source of ['https://other.local/x', 'https://git.local.evil.org/x', 'https://agit.local/x'])
    await expect(admit(source, ['93.184.215.14'], named), source).rejects.toMatchObject({ code: 'REPO_REFUSED' })
})
