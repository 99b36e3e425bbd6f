// Values that are a mapping of numbers, such as the sides of a box.

import { problem, shown } from '../engine/problem'
import type { Json, Problem } from '../engine/types'

/** The first thing by which a mapping is not one number for each name; none for one that is. */
export function misnumbered(value: { readonly [key: string]: Json }, names: readonly string[], remedy: string): Problem[] {
  const wrong = names.flatMap((name) => {
    const got = value[name]
    if (got === undefined) return [problem(name, null, 'a value', `Give ${names.join(', ')}.`)]
    return typeof got === 'number' ? [] : [problem(name, got, 'a number', remedy)]
  })
  const extra = Object.keys(value).filter((key) => !names.includes(key))
  return [...wrong, ...extra.map((key) => problem(key, value[key], 'no such key', `Remove ${shown(key)}.`))].slice(0, 1)
}
