import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { createTokenVerifier, type VerifyToken } from '../../../../shared/access/verify-token.ts'

/** Tokens of a host's identity provider: who they stand for, and which are none. */

const CONFIG = {
  jwtIssuer: 'https://id.example',
  jwtAudience: 'afterturn',
  jwtJwksUrl: 'https://id.example/keys',
  jwtOrgClaim: 'org_id',
}
let keys: Awaited<ReturnType<typeof generateKeyPair>>
let verify: VerifyToken
beforeAll(async () => {
  keys = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256' }
  verify = createTokenVerifier(CONFIG, createLocalJWKSet({ keys: [jwk] })) as VerifyToken
})

type Claims = { iss?: string; aud?: string; sub?: string | undefined; exp?: string; claims?: object; alg?: string }

function sign({
  iss = CONFIG.jwtIssuer,
  aud = CONFIG.jwtAudience,
  sub = 'maya',
  exp = '5m',
  claims = {},
  alg = 'ES256',
}: Claims) {
  const payload = { org_id: 'acme', scope: 'memory:read openid turns:write', ...claims }
  const token = new SignJWT(payload)
    .setProtectedHeader({ alg, kid: 'one' })
    .setIssuer(iss)
    .setAudience(aud)
    .setExpirationTime(exp)
  return (sub === '' ? token : token.setSubject(sub)).sign(
    alg === 'HS256' ? new TextEncoder().encode('x'.repeat(64)) : keys.privateKey,
  )
}

it('stands for its subject in its org, with the scopes that are ours', async () => {
  expect(await verify(await sign({}))).toEqual({
    orgId: 'acme',
    userId: 'maya',
    scopes: ['turns:write', 'memory:read'],
    keyId: 'jwt:maya',
  })
})

it.each([
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for another audience', { aud: 'another' }],
  ['that has expired', { exp: '-5m' }],
  ['without a subject', { sub: '' }],
  ['without an org', { claims: { org_id: undefined } }],
  ['for every org', { claims: { org_id: '*' } }],
  ['without scopes', { claims: { scope: undefined } }],
  ['signed with a shared secret', { alg: 'HS256' }],
] as [string, Claims][])('%s is refused', async (_, claims) => {
  await expect(sign(claims).then(verify)).rejects.toMatchObject({ code: 'UNAUTHENTICATED', recorded: 'no' })
})

it('that was changed, or is none, is refused', async () => {
  const [head, , signature] = (await sign({})).split('.')
  const body = Buffer.from(JSON.stringify({ org_id: 'other', sub: 'maya', scope: 'memory:read' })).toString('base64url')
  for (const token of [
    `${head}.${body}.${signature}`,
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`,
    'aft',
    '',
  ])
    await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

it('is taken only where an issuer is configured', () => {
  expect(createTokenVerifier({ ...CONFIG, jwtIssuer: undefined })).toBeUndefined()
})
