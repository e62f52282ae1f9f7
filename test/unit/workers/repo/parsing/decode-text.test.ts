import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../../../workers/repo/parsing/decode-text.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

/** The bytes of a file become its text in whatever encoding it was written, or nothing: never other letters. */

const TEXT = 'function café() {\n  return "注文"\n}\n'
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const utf32 = (text: string, isLittle: boolean) => {
  const bytes = Buffer.alloc([...text].length * 4)
  for (const [at, one] of [...text].entries())
    isLittle
      ? bytes.writeUInt32LE(one.codePointAt(0) ?? 0, at * 4)
      : bytes.writeUInt32BE(one.codePointAt(0) ?? 0, at * 4)
  return bytes
}

it.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF-16LE with a mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16BE with a mark', utf16be(`\ufeff${TEXT}`)],
  ['UTF-16LE', Buffer.from(TEXT, 'utf16le')],
  ['UTF-16BE', utf16be(TEXT)],
  ['UTF-32LE with a mark', utf32(`\ufeff${TEXT}`, true)],
  ['UTF-32BE with a mark', utf32(`\ufeff${TEXT}`, false)],
  ['UTF-32LE', utf32(TEXT, true)],
  ['UTF-32BE', utf32(TEXT, false)],
])('reads %s', (_, content) => {
  expect(decodeText(content)).toEqual({ text: TEXT })
})

describe('encodings from before Unicode', () => {
  it.each([
    ['shift_jis', '注文を取り消す', '928d95b682f08ee682e88fc182b7'],
    ['shift_jis', '在庫数', '8ddd8cc99094'],
    ['shift_jis', '送料', '919797bf'],
    ['gbk', '取消订单', 'c8a1cffbb6a9b5a5'],
    ['gbk', '发送邮件', 'b7a2cbcdd3cabcfe'],
    ['gbk', '库存不足时抛出异常', 'bfe2b4e6b2bbd7e3cab1c5d7b3f6d2ecb3a3'],
    ['euc_kr', '주문 취소', 'c1d6b9ae20c3ebbcd2'],
    ['euc_kr', '재고가 부족하면 예외를 던진다', 'c0e7b0edb0a120bacec1b7c7cfb8e920bfb9bfdcb8a620b4f8c1f8b4d9'],
    ['big5', '取消訂單', 'a8faaef8ad71b3e6'],
    ['big5', '使用者登入', 'a8cfa5ceaaccb56ea44a'],
    ['euc_jp', 'ユーザー認証', 'a5e6a1bca5b6a1bcc7a7beda'],
    ['iso2022_jp', '注文を取り消す', '1b2442436d4a3824723c68246a3e4324391b2842'],
    ['cp1251', 'отмена заказа', 'eef2ece5ede020e7e0eae0e7e0'],
    ['cp1251', 'Проверка остатков на складе', 'cff0eee2e5f0eae020eef1f2e0f2eaeee220ede020f1eaebe0e4e5'],
    ['koi8_r', 'скидка клиента', 'd3cbc9c4cbc120cbccc9c5ced4c1'],
    ['koi8_u', 'знижка для клієнтів', 'dacec9d6cbc120c4ccd120cbcca6a4ced4a6d7'],
    ['iso8859_5', 'Отмена заказа клиента', 'bee2dcd5ddd020d7d0dad0d7d020dadbd8d5dde2d0'],
    ['iso8859_5', 'скидка клиента', 'e1dad8d4dad020dadbd8d5dde2d0'],
    [
      'iso8859_2',
      'Sprawdź, że zamówienie się różni',
      '537072617764bc2c20bf65207a616df37769656e6965207369ea2072f3bf6e69',
    ],
    ['iso8859_2', 'Ověří, že se heslo liší', '4f76ecf8ed2c20be65207365206865736c6f206c69b9ed'],
    ['cp866', 'Проверка остатков', '8fe0aea2a5e0aaa020aee1e2a0e2aaaea2'],
    ['cp1252', 'für die Größe', '66fc7220646965204772f6df65'],
    ['cp1252', 'l’été', '6c92e974e9'],
    ['cp1252', 'Copyright © 2003 Müller', '436f7079726967687420a92032303033204dfc6c6c6572'],
    ['cp1252', 'não há usuários', '6ee36f2068e120757375e172696f73'],
    ['cp1252', '50 £', '353020a3'],
    ['cp1252', 'by Grégoire Pineau', '6279204772e9676f6972652050696e656175'],
    ['cp1252', 'façade', '6661e7616465'],
    ['cp1252', '"ø" and "å"', '22f82220616e642022e522'],
    ['cp1252', 'a ÷ b', '6120f72062'],
    ['cp1251', "'а', 'б', 'э', 'ю', 'я'", '27e0272c2027e1272c2027fd272c2027fe272c2027ff27'],
    ['gbk', '用API取消订单', 'd3c3415049c8a1cffbb6a9b5a5'],
    ['cp874', 'ยกเลิกคำสั่งซื้อ', 'c2a1e0c5d4a1a4d3cad1e8a7abd7e9cd'],
    ['cp1250', 'Zażółć gęślą jaźń', '5a61bff3b3e62067ea9c6cb9206a619ff1'],
    ['cp1250', 'množství zboží', '6d6e6f9e737476ed207a626f9eed'],
    ['cp1253', 'έλεγχος αποθέματος', 'ddebe5e3f7eff220e1f0efe8ddece1f4eff2'],
    ['cp1254', 'Müşteri siparişi', '4dfcfe7465726920736970617269fe69'],
    ['cp1255', 'ביטול הזמנה', 'e1e9e8e5ec20e4e6eef0e4'],
    ['cp1256', 'حساب السعر', 'cdd3c7c820c7e1d3dad1'],
  ])('reads %s: %s', (_, words, hex) => {
    const code = Buffer.from('\nexport const price = 1\n')
    expect(decodeText(Buffer.concat([Buffer.from('// '), Buffer.from(hex, 'hex'), code]))).toEqual({
      text: `// ${words}\nexport const price = 1\n`,
    })
  })
})

describe('an encoding that a file names', () => {
  it.each([
    ['# -*- coding: euc-kr -*-\n# ', '주문', 'c1d6b9ae', '\n'],
    ['#!/usr/bin/python\n# coding=cp949\n# ', '주문', 'c1d6b9ae', '\n'],
    ['<?xml version="1.0" encoding="windows-1250"?>\n<a>', 'zboží', '7a626f9eed', '</a>\n'],
    ['<html><head><meta charset="shift_jis"></head>', '猫', '944c', '</html>\n'],
    ['// ', 'кот', 'cbcfd4', '\nint a;\n// vim: set fileencoding=koi8-r :\n'],
    ['// ', 'її', 'a7a7', '\nint a;\n// vim: set fenc=koi8-u :\n'],
  ])('is read: %s%s', (before, words, hex, after) => {
    const content = Buffer.concat([Buffer.from(before), Buffer.from(hex, 'hex'), Buffer.from(after)])
    expect(decodeText(content)).toEqual({ text: `${before}${words}${after}` })
  })

  it.each([
    [
      '<meta charset="iso-8859-1">\n',
      'cff0eee2e5f0eae020eef1f2e0f2eaeee220ede020f1eaebe0e4e5',
      'Проверка остатков на складе',
    ],
    ['<?xml version="1.0" encoding="utf-16"?>\n', 'c1d6b9ae20c3ebbcd2', '주문 취소'],
    [
      '<meta charset="gb2312">\n',
      'c1d6b9ae20c3ebbcd2bfcd20b0cbbbf6b0e1b0fab8a620c8aec0cec7d1b4d9',
      '주문 취소와 검색결과를 확인한다',
    ],
  ])('is not believed against many bytes: %s', (before, hex, words) => {
    const content = Buffer.concat([Buffer.from(before), Buffer.from(hex, 'hex')])
    expect(decodeText(content)).toEqual({ text: `${before}${words}` })
  })

  it('says nothing where the bytes are others', () => {
    const [before, after] = ['# coding: euc-kr\n# für die ', '\nprice = 1\n']
    const content = Buffer.concat([Buffer.from(before, 'latin1'), Buffer.from('4772f6df65', 'hex'), Buffer.from(after)])
    expect(decodeText(content)).toEqual({ text: `${before}Größe${after}` })
    expect(decodeText(Buffer.from('# coding: shift_jis\n# für\n'))).toEqual({ text: '# coding: shift_jis\n# für\n' })
  })
})

it('reads the line ends of old Macs, and leaves mixed ones', () => {
  expect(decodeText(Buffer.from('a\rb\rc'))).toEqual({ text: 'a\nb\nc' })
  expect(decodeText(Buffer.from('a\r\nb\rc'))).toEqual({ text: 'a\r\nb\rc' })
})

it('reads UTF-8 in which a few lines are of another encoding, or of none', () => {
  const many = '// für alle: “größer”\n'.repeat(8)
  const latin = Buffer.from('// Größe\n', 'latin1')
  expect(decodeText(Buffer.concat([Buffer.from(many), latin]))).toEqual({ text: `${many}// Größe\n` })
  const code = 'const price = 1\n'.repeat(40)
  const torn = Buffer.from([...Buffer.from('// '), 0xff, 0x81, 0x8d, 0x0a])
  expect(decodeText(Buffer.concat([Buffer.from(code), torn]))).toEqual({ text: `${code}// ���\n` })
  // Not where half of the lines are torn.
  expect(decodeText(Buffer.concat(Array.from({ length: 9 }, () => [Buffer.from('a\n'), torn]).flat()))).toEqual({
    reason: 'encoding',
  })
})

it('reads a text with a NUL in a string, and nothing with many or with other signs', () => {
  const code = `const mark = "a\0b"\n${'const price = 1\n'.repeat(5)}`
  expect(decodeText(Buffer.from(code))).toEqual({ text: code.replace('\0', '␀') })
  for (const data of ['(dp0\nVa\0b\np1\nI1\ns.\n', 'notes.txt\0 0000644\n'])
    expect(decodeText(Buffer.from(`${data}${'const price = "1"\n'.repeat(9)}`))).toEqual({ reason: 'binary' })
  expect(decodeText(Buffer.from('a name\0a city\0'.repeat(20)))).toEqual({ reason: 'binary' })
  expect(decodeText(Buffer.from(`${code}\x01\x02`))).toEqual({ reason: 'binary' })
  expect(decodeText(Buffer.concat([Buffer.from(code), Buffer.from([0xff])]))).toEqual({ reason: 'binary' })
})

it('says why there is no text', () => {
  const noise = Buffer.from(Array.from({ length: 4_000 }, (_, at) => ((at * 7_919) % 255) + 1))
  expect(decodeText(noise)).toEqual({ reason: 'encoding' })
  expect(decodeText(Buffer.concat([noise, Buffer.from([0])]))).toEqual({ reason: 'binary' })
  const page = Buffer.from(`%PDF-1.4\n%\xe2\xe3\xcf\xd3\n${'1 0 obj\n'.repeat(60)}`, 'latin1')
  expect(decodeText(page)).toEqual({ reason: 'binary' })
  expect(decodeText(Buffer.from('% reads %PDF-1.4\n'))).toEqual({ text: '% reads %PDF-1.4\n' })
  expect(decodeText(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]))).toEqual({ reason: 'binary' })
})

it('decodes large files in bounded time', async () => {
  for (const byte of [0xe9, 0x83, 0xff])
    expect(await cpuMsOf(() => decodeText(Buffer.alloc(200_000, byte)))).toBeLessThan(3_000)
})
