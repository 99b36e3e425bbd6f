import { describe, expect, test } from 'vitest'
import { CodePoints } from './codepoints'

const astral = 'a😀b𝒳c'

describe('between code points and UTF-16', () => {
  test('a text without surrogate pairs counts the same in both', () => {
    const points = new CodePoints('Grüße 東京 שלום')

    expect([points.fromUtf16(8), points.toUtf16(8), points.length]).toEqual([8, 8, 13])
  })

  test('an emoji is one code point and two units', () => {
    const points = new CodePoints(astral)

    expect([0, 1, 3, 4, 6, 7].map((unit) => points.fromUtf16(unit))).toEqual([0, 1, 2, 3, 4, 5])
    expect([0, 1, 2, 3, 4, 5].map((point) => points.toUtf16(point))).toEqual([0, 1, 3, 4, 6, 7])
  })

  test('positions beyond the ends are the ends', () => {
    const points = new CodePoints(astral)

    expect([points.fromUtf16(-5), points.fromUtf16(99), points.toUtf16(99)]).toEqual([0, 5, 7])
  })

  test('every boundary of a long mixed text survives the way there and back', () => {
    const text = 'x😀é𝒳東'.repeat(900)
    const points = new CodePoints(text)
    const asArray = [...text]

    expect(points.length).toBe(asArray.length)
    for (let point = 0; point <= points.length; point += 7) expect(points.fromUtf16(points.toUtf16(point))).toBe(point)
    expect(points.slice(1023, 1030)).toBe(asArray.slice(1023, 1030).join(''))
  })

  test('a lone surrogate is a character of its own', () => {
    expect(new CodePoints('a\udc00b\ud800').length).toBe(4)
  })
})
