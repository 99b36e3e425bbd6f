// Commands that make two shapes of one, and one of several.

import { type Command, command } from '../../engine/command'
import type { CanvasKind, KindUi } from '../../engine/kind'
import type { Annotation } from '../../engine/types'
import { SLICE } from '../../engine/view'
import { drawnFields } from './fields'
import { m } from './messages'
import type { Screen } from './screen'

/** The commands that these kinds bring. */
export function cutCommands(kinds: readonly KindUi<unknown>[]): Command<Screen>[] {
  const shapes = kinds.filter((kind) => kind.surface === 'canvas')
  return [...(shapes.some((kind) => kind.slice) ? [CUT] : []), ...(shapes.some((kind) => kind.unite) ? [UNITE] : [])]
}

/** The keys of what a kind brings. */
export function cutKeys(kind: CanvasKind): readonly string[] {
  return [...(kind.slice ? CUT.keys : []), ...(kind.unite ? UNITE.keys : [])]
}

const hasWork = (s: Screen): boolean => s.work !== null && s.dialog === null && !s.work.isFinal

const CUT = command<Screen>({ id: 'selected.slice', title: m.commands.slice, group: m.groups.selected, keys: ['Shift+T'], icon: 'knife', when: (s) => hasWork(s) && canCut(s), run: (s) => s.tools.redraw(SLICE) })
const UNITE = command<Screen>({ id: 'selected.unite', title: m.commands.unite, group: m.groups.selected, keys: ['Shift+J'], icon: 'merge', when: (s) => hasWork(s) && uniting(s) !== null, run: (s) => void unite(s) })

function canCut(s: Screen): boolean {
  const { single } = s
  if (single === null || !single.field.many || !drawnFields(s).includes(single.field)) return false
  const kind = s.kinds.get(single.annotation.kind)
  return kind?.surface === 'canvas' && kind.slice !== undefined && (kind.slice.isOpen?.(single.field) ?? true)
}

/** How several that are selected become one: they are of one field and label, on one picture. */
function uniting(s: Screen): { readonly kind: CanvasKind; readonly all: readonly Annotation[] } | null {
  const all = s.selected
  const [first] = all
  const kind = first && s.kinds.get(first.kind)
  if (!first || all.length < 2 || kind?.surface !== 'canvas' || kind.unite === undefined) return null
  const isOne = all.every((a) => a.field === first.field && a.label === first.label && a.on?.stream === first.on?.stream)
  return isOne && all.every((a) => kind.isShape(a.value)) ? { kind, all } : null
}

/** The first that was selected keeps its answers. While its tools were loaded, nothing of it may have changed. */
async function unite(s: Screen): Promise<void> {
  const found = uniting(s)
  const { work } = s
  const field = found && work?.field(found.all[0]?.field ?? '')
  if (!found || !field || work === null) return
  const { width = Infinity, height = Infinity } = work.task.item.streams[field.on ?? '']?.facts ?? {}
  const value = (await found.kind.unite?.(found.all.map((a) => a.value), { width, height }, field)) ?? null
  if (s.work !== work || found.all.some((a) => work.store.get(a.id) !== a)) return
  if (value === null) return s.say(m.notOne)
  const ids = found.all.map((a) => a.id)
  work.unite(ids, value)
  s.view.select(...ids.slice(0, 1))
}
