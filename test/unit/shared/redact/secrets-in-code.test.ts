import { expect, test } from 'vitest'
import { findSecrets } from '../../../../shared/redact/find-secrets.ts'

/** Secrets that stand in code by their place alone, and what real repositories hold beside the words for secrets. */

const FAKE = 'A1b2C3d4E5f6G7h8J9k0'
const kindsIn = (text: string) => findSecrets(text).map(({ kind }) => kind)

test.each([
  ['password', "requests.get(url, auth=HTTPBasicAuth('maya', 'kingfisher7x'))"],
  ['password', 'new NetworkCredential("maya", "kingfisher7x")'],
  ['password', 'DriverManager.getConnection(url, "sa", "kingfisher7x")'],
  ['password', "new PDO('mysql:host=db;dbname=shop', 'root', 'kingfisher7x');"],
  ['password', "jwt.sign({ id: user.id }, 'kingfisher7x', { expiresIn: '1h' })"],
  ['password', "createHmac('sha256', 'kingfisher7x')"],
  ['password', 'dsn := "shop:kingfisher@tcp(127.0.0.1:3306)/shop"'],
  ['password', 'sqlcmd -S db -U sa -P kingfisher7x -Q "select 1"'],
  ['password', 'smbclient //files/share -U maya%kingfisher7x'],
  ['assigned-secret', 'api_key = "blue_1234_horse_5678"'],
  ['assigned-secret', 'access_token=55443322-11223344-home'],
  ['signed-url', 'https://example.com/?token=qWeRtYuIoPaSdFgH%2BkLz%3D%3D'],
  ['password', "password: 'Schl\\u00fcssel-7x'"],
  ['password', 'password: :Kingfisher7x'],
  ['password', 'DB_PASSWORD="kingfisher7#{x"'],
  ['password', "password: 'x7K{p2)Qz!w'"],
  ['password', '"password": "<mT9]w4&hR2"'],
  ['authorization', `Authorization: OAuth ${FAKE}`],
  ['aws-key', `IQoJb3JpZ2lu${FAKE.repeat(6)}`],
  ['vercel-token', `vercel_blob_rw_${FAKE}_${FAKE}`],
])('%s: %s', (kind, text) => {
  expect(kindsIn(text)).toEqual([kind])
})

test.each([
  "requests.get(url, auth=('maya', password2))",
  'auth: ["user:read", "repo:write2"]',
  "router.auth('admin', 'Step2Verify')",
  'basicAuth("realm", "Area51")',
  'jwt.decode(raw, "keys/public2.pem")',
  'jwt.verify(token, "keys/public2.pem")',
  'getConnection("pool1", "main", "Replica2East")',
  'addr:port8080@tcp(x)',
  'osql -P port1433',
  'bcp 47 and then ran foo -P tcp4udp6',
  "auth: ['role1', 'role2']",
  'new NetworkCredential("maya", "workgroup")',
  'getConnection(url, "sa", PASSWORD_2)',
  "jwt.sign(payload, 'RS256')",
  "createHmac('sha256', 'secret')",
  'sqlcmd -S db -U sa -P $SA_PASSWORD2',
  "password: 'sha256sum'",
  "password: 'md5Hash'",
  'badCredentials=Ung\\u00FCltige Anmeldedaten',
  'emptyPassword=\\u041F\\u0443\\u0441\\u0442\\u043E\\u0439 \\u043F\\u0430\\u0440\\u043E\\u043B\\u044C',
  'incorrectKey=\\u63d0\\u793a\\u3055\\u308c\\u305f\\u30ad\\u30fc',
  'returns an `OAuth2AuthenticatedPrincipal` as a bearer token',
  '`OAuth2Client` is the key of a map',
  '// DownstreamContentSize is the map key used for the number of bytes',
  '"passwordless": "allowed",',
  'the passwordB64Hash is empty or whitespace',
  '# Password was found; remove it.',
  '// Create user with password initially, so that we can log in',
  '("auth", "0013_auto_20221214_1224"),',
  'new Client(clientId, clientSecret, "api-abcd1234.example.com")',
  "password: 'type[2]{8}'",
  'password = getPassword2(user',
  '"password": "^(?=.*[a-z])(?=.*[0-9]).{8,}$"',
  'args << "--password=#{config[:password]}"',
  '"abstract://maya:#{encoded_password}@localhost/shop"',
  "CREATE ROLE app WITH PASSWORD 'DB_PASSWORD_GOES_HERE2';",
  '"$x-amz-credential": "Q3AM3UQ867SPQQA43P2F/20210320/us-east-1/s3/aws4_request"',
  'Authorization: AWS4-HMAC-SHA256 Credential=minio',
  `'Authorization': 'OAuth oauth_consumer_key="' + key`,
  'register :argon2, SecurePassword::Argon2Password',
  'the pin (CVE-2026-27601) of a package',
  'app_path("config", "credentials", "KnAM4a_development.yml.enc")',
  'apt-key adv --recv-keys 04EE7237B7D453EC',
  'https://example.com/?key=value%20with%20spaces',
])('none in: %s', (text) => {
  expect(kindsIn(text)).toEqual([])
})
