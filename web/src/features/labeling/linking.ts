// Making links: where they begin and end, which kind of link fits between two annotations, and the letters by which the other end can be chosen.

import { type Command, command } from '../../engine/command'
import type { LinkKind } from '../../engine/kind'
import { hasPlace, idsOf } from '../../engine/links'
import type { Field } from '../../engine/schema'
import type { Annotation, Id, Json } from '../../engine/types'
import type { CurrentLabel, Linking } from '../../engine/view'
import { linkFields } from './fields'
import { m } from './messages'
import { Numbering, numbersOf } from './numbering'
import type { Screen } from './screen'

/** Under the left hand first. `L` confirms. */
const HINTS = [...'ASDFGQWERTZXCVBHJKYUIOPNM']

export class Links {
  readonly numbering: Numbering

  constructor(private readonly screen: Screen) {
    const { view } = screen
    this.numbering = new Numbering(screen)
    view.subscribe((was) => {
      const { linking } = view.state
      if (linking === null || linking === was.linking) return
      if (linking.from !== null && linking.to !== null) this.end(linking.from, linking.to)
      else if (linking.from !== was.linking?.from) this.hint()
    })
  }

  /**
   * A link from the selected annotation to the one that is chosen next; between two selected ones, at once. What is numbered
   * goes on behind the last number where nothing is selected.
   */
  begin(label: CurrentLabel | null = null): void {
    const { work, kinds, surface, view } = this.screen
    if (work === null) return
    const [from, to] = this.screen.selected.filter((a) => hasPlace(a, kinds)).map((a) => a.id)
    surface?.cancel()
    const field = label && work.field(label.field)
    const last = field && numbersOf(this.screen, field) ? this.numbering.begin(field) : null
    view.set({ linking: { from: from ?? last, to: to ?? null, label, hints: new Map(), refused: null } })
  }

  /** The other end is what is selected by now. */
  confirm(): void {
    const { view, selected } = this.screen
    const { linking } = view.state
    const [chosen] = selected
    if (linking === null || chosen === undefined || chosen.id === linking.from) return
    view.choose(chosen.id)
  }

  cancel(): void {
    this.screen.view.set({ linking: null })
  }

  private end(from: Id, to: Id): void {
    const { screen } = this
    const { work, view } = screen
    const { linking } = view.state
    const [a, b] = [work?.store.get(from), work?.store.get(to)]
    if (!work || !linking || !a || !b) return this.cancel()
    const fitting = from === to ? null : fittingLink(screen, a, b, linking.label)
    if (fitting === null) return view.set({ linking: { ...linking, to: null, refused: m.noRelation(screen.nameOf(a), screen.nameOf(b)) } })
    if (numbersOf(screen, fitting.field)) return this.numbering.next(work, fitting.field, fitting.label, from, to)
    const known = work.store.list().find((one) => one.field === fitting.field.key && one.label === fitting.label && idsOf(one, screen.kinds).join('\n') === [from, to].join('\n'))
    const id = known?.id ?? work.add(fitting.field, fitting.label, fitting.value)
    view.set({ linking: null, selection: new Set([id]) })
  }

  /** Letters for what can be the other end, where it is in sight. */
  private hint(): void {
    const { view } = this.screen
    const { linking } = view.state
    if (linking !== null) view.set({ linking: { ...linking, hints: hintsFor(this.screen, linking) } })
  }
}

/** The link that may be made between two annotations: with the wanted label if that fits, else the first that does, of two before what is numbered. */
function fittingLink(screen: Screen, from: Annotation, to: Annotation, wanted: CurrentLabel | null): { readonly field: Field; readonly label: string; readonly value: Json } | null {
  const found = linkFields(screen).flatMap((field) => {
    const kind = screen.kinds.get(field.kind)
    if (kind?.surface !== 'link') return []
    return kind.labelsBetween(field, from, to).map((label) => ({ field, label: label.key, value: kind.make(from.id, to.id) }))
  })
  if (wanted !== null) return found.find(({ field, label }) => field.key === wanted.field && label === wanted.label) ?? null
  return found.find(({ field }) => numbersOf(screen, field) === null) ?? found[0] ?? null
}

/** A letter for each annotation in sight that can be the end to choose, from where the link begins to both sides. */
function hintsFor(screen: Screen, { from, label }: Linking): ReadonlyMap<Id, string> {
  const { work } = screen
  const begin = from === null ? null : (work?.store.get(from) ?? null)
  const others = [...screen.surfaces.values()].filter((surface) => surface !== screen.surface)
  const seen = [screen.surface, ...others].flatMap((surface) => surface?.inSight() ?? [])
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

/** What links of the schema are begun with: one tool for each kind of them, and the label that it begins with. */
export function linkTools(screen: Screen): { readonly id: string; readonly kind: string; readonly tool: LinkKind['tool']; readonly label: CurrentLabel | null }[] {
  const firsts = [...new Map(linkFields(screen).toReversed().map((field) => [field.kind, field])).values()].toReversed()
  return firsts.flatMap((field, i) => {
    const kind = screen.kinds.get(field.kind)
    const [label] = field.labels
    if (kind?.surface !== 'link') return []
    return [{ id: i === 0 ? 'link.begin' : `link.begin.${kind.name}`, kind: kind.name, tool: kind.tool, label: numbersOf(screen, field) && label ? { field: field.key, label: label.key } : null }]
  })
}

/** Links between annotations: begun with one key, ended by the letter at the other end, by pointer, or by Tab and Enter. */
export function linkCommands(screen: Screen): Command<Screen>[] {
  const begins = linkTools(screen)
  const [first] = begins
  if (first === undefined) return []
  const isLinking = (s: Screen): boolean => s.work !== null && s.dialog === null && s.view.state.linking !== null
  return [
    ...begins.map(({ id, tool, label }) => command<Screen>({ id, title: tool.title, group: m.groups.selected, keys: [tool.key], icon: tool.icon, when: (s) => s.work !== null && s.dialog === null && !s.work.isFinal, run: (s) => s.links.begin(label) })),
    command<Screen>({ id: 'link.back', title: m.commands.linkBack, group: m.groups.selected, keys: ['Ctrl+Z', 'Backspace'], mode: 'linking', quiet: true, when: (s) => isLinking(s) && s.links.numbering.canGoBack, run: (s) => s.links.numbering.back() }),
    command<Screen>({ id: 'link.confirm', title: m.commands.linkEnd, group: m.groups.selected, keys: ['Enter', ...begins.map(({ tool }) => tool.key)], mode: 'linking', when: isLinking, run: (s) => s.links.confirm() }),
    command<Screen>({ id: 'link.cancel', title: m.commands.linkCancel, group: m.groups.selected, keys: ['Esc'], mode: 'linking', quiet: true, when: isLinking, run: (s) => s.links.cancel() }),
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
