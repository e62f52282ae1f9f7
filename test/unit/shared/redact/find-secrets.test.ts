import { describe, expect, test } from 'vitest'
import { createKeyText } from '../../../../shared/access/api-key-text.ts'
import { findSecrets } from '../../../../shared/redact/find-secrets.ts'
import { redactSecrets } from '../../../../shared/redact/redact-secrets.ts'
import { statesSecret } from '../../../../shared/redact/states-secret.ts'
import { cpuMsOf } from '../../../helpers/cpu-time.ts'

// Assembled, so that scanners do not take the fixtures for leaks.
const FAKE = 'A1b2C3d4E5f6G7h8J9k0'
const JWT = `eyJ${FAKE}.eyJ${FAKE}.${FAKE}`
const PEM = `-----BEGIN RSA PRIVATE${' '}KEY-----\nProc-Type: 4,ENCRYPTED\n\n${`${FAKE}${FAKE}${FAKE}\n`.repeat(3)}-----END RSA PRIVATE KEY-----`

const kindsIn = (text: string) => findSecrets(text).map(({ kind }) => kind)

describe('secrets', () => {
  test.each([
    ['private-key', PEM],
    ['private-key', PEM.replaceAll('\n', '\\n')],
    ['private-key', PEM.slice(0, 120)],
    ['aws-key', `aws_access_key_id = AKIA${'ABCD'.repeat(4)}`],
    ['assigned-secret', `aws_secret_access_key = ${FAKE}/${FAKE}`],
    ['afterturn-key', createKeyText().text],
    ['card-number', 'card 4111 1111 1111 1111 12 27 123'],
    ['mollie-key', `test_dHarXQYzLxsDOtmnk${'VtjNVWXLSlXsM'}`],
    ['password', 'DBPASS="L7OKC9x"'],
    ['github-token', `ghp_${FAKE}`],
    ['github-token', `github_pat_${FAKE}_${FAKE}`],
    ['gitlab-token', `glpat-${FAKE}`],
    ['slack-token', `xoxb-${FAKE}`],
    ['stripe-key', `sk_live_${FAKE}`],
    ['openai-key', `use sk-proj-${FAKE}${FAKE}`],
    ['anthropic-key', `sk-ant-api03-${FAKE}`],
    ['google-key', `AIza${FAKE}${'xY1-z'.repeat(3)}`],
    ['npm-token', `//registry.npmjs.org/:_authToken=npm_${FAKE}${FAKE}`],
    ['jwt', `Authorization: Bearer ${JWT}`],
    ['url-password', 'postgres://app:s3cret@db.example/app'],
    ['url-password', 'redis://:kingfisher1908@10.0.0.1:6379'],
    ['password', "password: 'kingfisher-Oar-1908'"],
    ['assigned-secret', '"clientSecret": "p9#Lq!x27"'],
    ['password', 'DB_PASSWORD=Zomer!2026x'],
    ['assigned-secret', `API_KEY=${FAKE.toLowerCase()}`],
    ['groq-key', `GROQ: gsk_${FAKE}${FAKE}`],
    ['huggingface-token', `hf_${FAKE}abcdefghijklmn`],
    ['sendgrid-key', `SG.${FAKE}aB.${FAKE}${FAKE}abc`],
    ['shopify-token', `shpat_${'0a1b2c3d'.repeat(4)}`],
    ['authorization', `Authorization: Basic ${FAKE}==`],
    ['password', 'curl -u maya:kingfisher7 https://host'],
    ['password', "CREATE ROLE app LOGIN PASSWORD 'kingfisher7'"],
    ['password', 'alter user scott identified by tiger'],
    ['password', "GRANT ALL ON db.* TO app IDENTIFIED BY 'kingfisher'"],
    ['mailgun-key', `MG ${'0a1b2c3d'.repeat(4)}-0a1b2c3d-0a1b2c3d`],
    ['password', 'db.internal:5432:app:maya:kingfisher7'],
    ['password', 'redis-cli -h cache -a kingfisher7 ping'],
    ['password', 'mysqldump --user root --password=kingfisher7 db'],
    ['password', '<password>kingfisher77</password>'],
    ['password', 'dbPass = "kingfisher7"'],
    ['card-number', 'my card is 4111 1111 1111 1111, exp 12/30'],
    ['card-number', 'order 1234 4111-1111-1111-1111'],
    ['card-number', '378282246310005'],
    ['iban', 'pay to NL91 ABNA 0417 1643 00 BEFORE friday'],
    ['iban', 'GB29NWBK60161331926819'],
  ])('%s: %s', (kind, text) => {
    expect(kindsIn(text)).toEqual([kind])
  })

  test.each([
    'commit 1ac48e8f5d2c7b9a0e3f4d5c6b7a8f9e0d1c2b3a',
    'id 3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    'integrity sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==',
    'OPENAI_API_KEY=<your-key>',
    'OPENAI_API_KEY=sk-your-api-key-here-1234567890',
    'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'const password = process.env.DB_PASSWORD2',
    'const password = "changeme"',
    'OPENAI_API_KEY=place' + 'holder-8271',
    'OPENAI_API_KEY=place-holder-8271',
    "password: 'test-password-1'",
    "password: 'password123'",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code that somebody pastes
    'password=${DB_PASSWORD}',
    "token: 'access_token'",
    "password: 'Enter your password'",
    "tokenUrl: 'https://example.org/oauth2/token'",
    'token: string | undefined',
    'const token = getToken2(request)',
    'const secret = config.auth2.secret',
    'password = hashlib.sha256(value)',
    'tokenCount = 8191',
    'sk-loading-indicator-wrapper',
    'postgres://postgres:postgres@localhost/test',
    'https://example.org:8080/a@b',
    'if (text.includes("-----BEGIN PRIVATE KEY-----")) return',
    'const at = 1700000000000000',
    'ratio 0.4111111111111111',
    'call 0031 6 1234 5678 on 2026-03-02 at 18:30',
    'GB00 THIS IS NO ACCOUNT AT ALL',
    "token: 'h1-bold'",
    "token: 'font.size.12'",
    "secret = 'step-1'",
    "apiKey = 'x-api-key-2'",
    "password: 'bcrypt:2y'",
    "credentials: 'same-origin2'",
    '<div data-secret="field#2">',
    "password: 'Passwort (min. 8 Zeichen)'",
    'docker run -u 1000:1000 image',
    'the section of the array identified by start and end',
    'a node identified by `head.sha`, or by its path',
    'the trace identified by trace_id and session_id',
    '"@octokit/auth-token": "^6.0.0", "js-tiktoken": ">=1.2.x"',
    'import { n } from "./public-CvV4ZHkX.mjs"',
    '5425 5446 5443 5433 5448 5442 541B 5429',
    'if (compare(key1._evp_pkey, key2._evp_pkey) != 1) return',
    'class _Ed25519PrivateKey(Ed25519PrivateKey):',
    'authorization = base64.decodebytes(authorization)',
    '[`RFC6749#Authorization`: https://tools.ietf.org/html/rfc6749',
    'f"postgres://{db_user}:{db_pass}@{host}/app"',
    'UNRESERVED_PAT = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._!~"',
    `${'AdkXAADwEgAAChAAAHUSAACtEgAA8hMA'.repeat(3)}/EAAA${'oBUAACMUAACJEgAAixQA'.repeat(4)}`,
    'createTokenAuth("ghp_PersonalAccessToken01245678900000000")',
    '\t 3825 1125 4050 1125 4050 2250 3825 2250 3825 1125',
    '\t1046.4872561869577, 1063.5717461999654',
    'public void test_toBooleanDefaultIfNull_Boolean_boolean() {',
    'Password string `form:"password" json:"password" xml:"password" binding:"required"`',
    '$: inputType = type === "password" && !revealed ? "password" : "text";',
    '{ CHK_RES_CONDPASS, "L7OKC", "Layer7 check conditionally passed" },',
    '// Read the block identified by "handle" from "file".  On failure',
    'exec src/redis-cli -c -p [srv 0 port] SET foo bar',
    "compgen -W 'PIN PIN2 PUK PUK2 SEC'",
    `/pull/2464/files#diff-${'bd1164595b04f44490738b8183f84a62'.repeat(2)}R34`,
    '/* The method is a non-empty token (RFC7231#4.1) */',
    'password: input_2',
    'password: INPUT_22',
    'password: Field_22,',
    '{ password: Field_22 }',
    'Password: SHA-256',
    'Issuer Key Hash: F652B0E435D5EA923851508F0ADBE92D85DE007A',
  ])('none in: %s', (text) => {
    expect(kindsIn(text)).toEqual([])
  })

  test('are found in the time of the text whatever it holds', async () => {
    const hostile = [
      'sk-',
      'eyJ',
      '-eyJaaaaaaaa',
      'password',
      'password=',
      'password="',
      '-----BEGIN RSA PRIVATE KEY-----',
      '4111 ',
      '4 ',
      '4',
      'NL91 ',
      'a://a:',
      '://',
      'A',
      '\n',
      'password is ',
      'pin ',
      'key for the ',
      'api key ',
      '"key": "',
      '密码是a',
      'is my password ',
      'mysql ',
      '\u200b',
    ]
    for (const piece of hostile) {
      const text = piece.repeat(Math.ceil(100_000 / piece.length))
      expect(await cpuMsOf(() => findSecrets(text)), JSON.stringify(piece)).toBeLessThan(200)
    }
  })
})

describe('redaction', () => {
  test('writes over the secret only, and keeps the lines', () => {
    expect(redactSecrets(`a = "postgres://app:s3cret@db/app"\nkey = """${PEM}"""\nb = 4111111111111111`)).toEqual({
      text: `a = "postgres://app:[redacted url-password]@db/app"\nkey = """[redacted private-key]${'\n'.repeat(6)}"""\nb = [redacted card-number]`,
      found: { 'url-password': 1, 'private-key': 1, 'card-number': 1 },
    })
  })

  test('leaves nothing behind that is still a secret, and a clean text as it is', () => {
    const { text } = redactSecrets(`password: '${FAKE}' ${JWT} NL91ABNA0417164300`)
    expect(findSecrets(text)).toEqual([])
    expect(redactSecrets('I moved to Lisbon.')).toEqual({ text: 'I moved to Lisbon.', found: {} })
  })
})

describe('sentences that state a secret', () => {
  test.each([
    'the wifi password is kingfisher-Oar-1908',
    'Passcode: 4711',
    'my PIN is 0000',
    `use sk-proj-${FAKE}${FAKE}`,
    'het wachtwoord is zomer2026',
    'wifi password: Tulip_884',
    'My new password: Tulip-884-Rose',
    'The password is Tulip-884-Rose.',
    'Mein WLAN-Passwort: Tulpe-884',
    'My password for the wifi is Sunny-Lake-42.',
    'Le mot de passe du wifi est Soleil-Lac-42.',
    'Password for the guest network: Lemon-Pie-88',
    'пароль: Тюльпан_884',
    '密码：Tulip_884',
    'Meine PIN ist 4821.',
    'La password è hunter2',
    'Мой пароль hunter2',
    'パスワードは hunter2 です',
    '我的密码是 hunter2',
    'The seed phrase is abandon ability able about',
    'My card is ４１１１ １１１１ １１１１ １１１１.',
    'My card is 4111\u200b1111\u200b1111\u200b1111',
    'My card is 4111.1111.1111.1111',
    "the router's password's kingfisher7",
    'Das Passwort lautet Sommer',
    'Mi clave es 4411',
    'Le mot de passe, c’est soleil77',
    'Lösenordet är sommar2026',
    'Şifrem yaz2026x',
    'الرقم السري هو ٤٤١١',
    'הסיסמה שלי היא hunter22',
    'मेरा पासवर्ड hunter22 है',
    '비밀번호는 hunter22입니다',
    'kingfisher7 is my wifi password.',
    'The guest pw is kingfisher7',
    'staging creds are app:kingfisher7',
    'Zugangsdaten für den Router: maya / kingfisher7',
    'identifiants : maya / kingfisher7',
    'My password has always been Kingfisher7.',
    'The verification code they sent me is 448120',
    'Le code de la porte est le 4471B',
    'パスワードは hunter22 でした',
    '暗証番号は 4471 です',
    'كلمة مرور الشبكة هي hunter22',
    'الرقم السري لخزانتي 4471',
    'kode til porten er 4471',
    'mật khẩu wifi nhà tôi là hunter22',
    'kata sandi wifi kami hunter22',
    'Take kingfisher77 as the password.',
    'mets kingfisher77 comme mot de passe',
    'Das Kennwort vom NAS haben wir auf kingfisher77 geändert',
    'cambié la contraseña a kingfisher77',
    'we hebben het wachtwoord veranderd in kingfisher77',
    'поменяли пароль на kingfisher77',
    '密码换成了 kingfisher77',
    'パスワードを kingfisher77 に直しました',
    '비밀번호를 kingfisher77로 고쳤어요',
    'My SSN is 512-44-9087',
    'The padlock in the shed opens with code 4471.',
    'Le code pour ouvrir le cadenas, 4471',
    'Das Tor geht mit 4471 auf.',
    'You open the shed with 4471, then turn left.',
    'Log in to the till with otter-meadow-3310.',
    'Au wifi, je me connecte avec Otter!2291',
    'Bisiklet kilidinin kodu 4471',
    'رمز قفل الدراجة 4471',
    'साइकिल के ताले का कोड 4471 है',
    '금고 번호는 4471이야',
    'Kod zamka do piwnicy: 4471',
    'Mein Personalausweis: L01X00T47',
  ])('%s', (text) => {
    expect(statesSecret(text)).toBe(true)
  })

  test.each([
    'I forgot my password again.',
    'The key is to keep going.',
    'La clave del éxito es la paciencia.',
    'Ich habe das Passwort 3 Mal geändert.',
    '私はパスワードを忘れた。',
    'My pin collection has 400 pins.',
    'The password reset page is broken.',
    'Our API keys are rotated every 90 days.',
    'The access token is kept in Redis.',
    'The password policy is 12 characters since March.',
    'My PIN code is stuck on the fridge.',
    'La parola preferita di mia figlia è mamma.',
    'Das Passwort ist falsch.',
    'Mój paszport jest ważny do 2029.',
    'The permit is UT-2026-0417.',
    'The insurance costs 185 euros, the budget is 3,900.',
    'It happened on 2026-03-02 at 18:30.',
    'Call me on 0031 6 1234 5678.',
    'The door code was changed in 2019.',
    'The product code of the lock is 4471.',
    'Our alarm code has 4471 lines.',
    'The door came with 4471 screws.',
    'We log in with OAuth2 and connect with utf8mb4.',
    'I opened the report with Excel2019 on the gate screen.',
    'Kapının ürün kodu 4471',
    'गेट के पास कोड लिखने वाले 4471 लोग हैं',
  ])('not: %s', (text) => {
    expect(statesSecret(text)).toBe(false)
  })
})
