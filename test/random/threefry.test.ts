import { describe, expect, it } from 'vitest'
import { bind, blockLaws } from 'tikhonov/laws'
import { threefry2x32, word } from 'tikhonov/random'

describe('Threefry-2x32-20 gives the published vectors', () => {
  // Random123 1.14, tests/kat_vectors, lines "threefry2x32 20": counter, key, result.
  it.each([
    [[0, 0], [0, 0], [0x6b200159, 0x99ba4efe]],
    [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x1cb996fc, 0xbb002be7]],
    [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], [0xc4923a9c, 0x483df7a0]]
  ] as const)('key %j, counter %j', (key, counter, block) => {
    expect(threefry2x32(key, counter)).toEqual(block)
  })

  it('with words taken modulo 2³²', () => {
    expect(threefry2x32([-1, -1], [2 ** 32 - 1, -1])).toEqual([0x1cb996fc, 0xbb002be7])
    expect(threefry2x32([2 ** 32, 0], [0, 2 ** 33])).toEqual([0x6b200159, 0x99ba4efe])
  })
})

describe('a word', () => {
  // FNV-1a, 32 bits: the test suite of Landon Curt Noll, vectors "", "a" and "foobar"; "é" is C3 A9 in UTF-8.
  it.each([['', 0x811c9dc5], ['a', 0xe40c292c], ['foobar', 0xbf9cf968]])('of %j is FNV-1a of its bytes', (text, hash) => {
    expect(word(text)).toBe(hash)
  })

  it('is taken over UTF-8', () => {
    const step = (hash: number, byte: number) => Math.imul(hash ^ byte, 16777619) >>> 0
    expect(word('é')).toBe([0xc3, 0xa9].reduce(step, 0x811c9dc5))
  })
})

bind({ describe, it })('threefry2x32', blockLaws(threefry2x32))
