// Making links: which kind of link fits between two annotations, and the letters by which the other end can be chosen.

import { type Command, command } from '../../engine/command'
import { hasPlace } from '../../engine/links'
import type { Field } from '../../engine/schema'
import type { Annotation, Id, Json } from '../../engine/types'
import type { CurrentLabel, Linking } from '../../engine/view'
import { m } from './messages'
import type { Screen } from './screen'

/** Under the left hand first. `L` confirms. */
const HINTS = [...'ASDFGQWERTZXCVBHJKYUIOPNM']

/** The link that may be made between two annotations: with the wanted label if that fits, else the first that does. */
export function fittingLink(screen: Screen, from: Annotation, to: Annotation, wanted: CurrentLabel | null): { readonly field: Field; readonly label: string; readonly value: Json } | null {
  const found = screen.linkFields.flatMap((field) => {
    const kind = screen.kinds.get(field.kind)
    if (kind?.surface !== 'link') return []
    return kind.labelsBetween(field, from, to).map((label) => ({ field, label: label.key, value: kind.make(from.id, to.id) }))
  })
  if (wanted !== null) return found.find(({ field, label }) => field.key === wanted.field && label === wanted.label) ?? null
  return found[0] ?? null
}

/** A letter for each annotation in sight that can be the end to choose, from where the link begins to both sides. */
export function hintsFor(screen: Screen, { from, label }: Linking): ReadonlyMap<Id, string> {
  const { work } = screen
  const begin = from === null ? null : (work?.store.get(from) ?? null)
  const seen = screen.surface?.inSight() ?? []
  const at = begin === null ? 0 : seen.indexOf(begin.id)
  const fitting = seen
    .map((id, i) => ({ id, far: Math.abs(i - at) }))
    .filter(({ id }) => {
      const annotation = work?.store.get(id)
      if (!annotation || id === from || !hasPlace(annotation, screen.kinds)) return false
      return begin === null || fittingLink(screen, begin, annotation, label) !== null
    })
    .sort((a, b) => a.far - b.far)
  return new Map(fitting.slice(0, HINTS.length).map(({ id }, i) => [id, HINTS[i] ?? '']))
}

/** Links between annotations: begun with one key, ended by the letter at the other end, by pointer, or by Tab and Enter. */
export function linkCommands(screen: Screen): Command<Screen>[] {
  const [field] = screen.linkFields
  const kind = field && screen.kinds.get(field.kind)
  if (kind?.surface !== 'link') return []
  const isLinking = (s: Screen): boolean => s.work !== null && s.dialog === null && s.view.state.linking !== null
  return [
    command<Screen>({ id: 'link.begin', title: kind.tool.title, group: m.groups.selected, keys: [kind.tool.key], icon: kind.tool.icon, when: (s) => s.work !== null && s.dialog === null && !s.work.isFinal, run: (s) => s.beginLink() }),
    command<Screen>({ id: 'link.confirm', title: m.commands.linkEnd, group: m.groups.selected, keys: ['Enter', kind.tool.key], mode: 'linking', when: isLinking, run: (s) => s.confirmLink() }),
    command<Screen>({ id: 'link.cancel', title: m.commands.linkCancel, group: m.groups.selected, keys: ['Esc'], mode: 'linking', quiet: true, when: isLinking, run: (s) => s.cancelLink() }),
    ...HINTS.map((letter) => {
      const hinted = (s: Screen): string | undefined => [...(s.view.state.linking?.hints ?? [])].find(([, hint]) => hint === letter)?.[0]
      return command<Screen>({
        id: `link.to.${letter}`,
        title: m.commands.linkTo(letter),
        group: m.groups.selected,
        keys: [letter],
        mode: 'linking',
        quiet: true,
        // A letter that stands nowhere does nothing: what it usually does is not meant now.
        when: isLinking,
        run: (s) => {
          const id = hinted(s)
          if (id !== undefined) s.view.choose(id)
        },
      })
    }),
  ]
}
