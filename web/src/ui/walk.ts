// The items of a table in their order, so that handing one in leads to the next of the same table.

const KEPT = (project: string) => `karat.walk.${project}`
const MOST = 1000

/** Remembers the order in which items stand, for this tab. */
export function keepWalk(project: string, items: readonly string[]): void {
  sessionStorage.setItem(KEPT(project), JSON.stringify(items.slice(0, MOST)))
}

/** The item after this one in the table it was opened from. */
export function nextInWalk(project: string, item: string): string | null {
  const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT(project)) ?? '[]')
  if (!Array.isArray(kept)) return null
  const at = kept.indexOf(item)
  const next: unknown = at < 0 ? null : kept[at + 1]
  return typeof next === 'string' ? next : null
}
