// Equality of plain JSON values.

/** Whether two JSON values are equal; a key with undefined counts as no key. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, i) => same(value, b[i]))
  }
  const [x, y] = [new Map(entries(a)), new Map(entries(b))]
  return x.size === y.size && [...x].every(([key, value]) => y.has(key) && same(value, y.get(key)))
}

function entries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, entry]) => entry !== undefined)
}
