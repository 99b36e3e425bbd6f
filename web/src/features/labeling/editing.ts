// Answers that are edited from what a stream says: what each begins from, and the keys that choose one of several.

import { type Command, command } from '../../engine/command'
import type { Beginning, Source } from '../../engine/kind'
import type { Field } from '../../engine/schema'
import { nameOf } from '../../engine/parts'
import { answersIn, letterOf, partIn } from '../../engine/talk'
import type { Json } from '../../engine/types'
import type { Work } from '../../engine/work'
import { formFields } from './fields'
import { m } from './messages'
import type { Screen } from './screen'

/** Candidates that a digit can choose. */
const DIGITS = 9

/** Remembers what was chosen to be edited as long as an item is open; from the first change on, the answer itself says it. */
export class Editing {
  private readonly found = new WeakMap<Work, Map<string, readonly Source[]>>()
  private readonly chosen = new WeakMap<Work, Map<string, Source>>()

  constructor(private readonly screen: Screen) {}

  beginningOf(field: Field): Beginning {
    return { sources: this.sourcesOf(field), chosen: this.chosenOf(field), choose: (source) => this.choose(field, source) }
  }

  /** What an answer on one part begins from: what the part says, and nothing else. */
  beginningOn(field: Field, part: string): Beginning | undefined {
    const { work } = this.screen
    const stream = field.on === null ? undefined : work?.task.item.streams[field.on]
    if (work === null || field.on === null || stream === undefined) return undefined
    const key = `${field.key}/${part}`
    const known = this.found.get(work)?.get(key)
    const sources = known ?? this.partSources(field, stream.kind, work.texts[field.on] ?? '', part)
    if (known === undefined) this.found.set(work, new Map(this.found.get(work)).set(key, sources))
    return { sources, chosen: sources[0] ?? null, choose: () => undefined }
  }

  private partSources(field: Field, kind: string, text: string, part: string): readonly Source[] {
    const said = partIn(kind, text, part)
    const parts = field.each === null ? undefined : this.screen.work?.task.item.streams[field.on ?? '']?.facts.each?.[field.each]
    return said === null ? [] : [{ part, text: said, name: parts === undefined ? part : nameOf(parts, part) }]
  }

  /** The answer, and what it was made from. */
  change(field: Field, value: Json | undefined): void {
    this.screen.work?.setAnswer(field, value, this.chosenOf(field)?.part)
  }

  /** Begins from another one: what was made of the one before goes, and undo brings it back. */
  choose(field: Field, source: Source): void {
    const { work } = this.screen
    if (work === null || work.isFinal) return
    if (this.chosenOf(field)?.part !== source.part) work.setAnswer(field, undefined)
    this.chosen.set(work, new Map(this.chosen.get(work)).set(field.key, source))
    this.screen.changed()
  }

  sourcesOf(field: Field): readonly Source[] {
    const { work } = this.screen
    const stream = field.on === null ? undefined : work?.task.item.streams[field.on]
    if (work === null || field.on === null || stream === undefined) return []
    const known = this.found.get(work)?.get(field.key)
    if (known) return known
    const answers = answersIn(stream.kind, work.texts[field.on] ?? '')
    const made = answers.map(({ part, text }, i): Source => ({ part, text, name: stream.kind === 'candidates' ? m.answerOf(letterOf(i)) : part === null ? m.theText : m.turnOf(Number(part) + 1) }))
    this.found.set(work, new Map(this.found.get(work)).set(field.key, made))
    return made
  }

  private chosenOf(field: Field): Source | null {
    const { work } = this.screen
    const sources = this.sourcesOf(field)
    const part = work?.store.get(field.key)?.on?.part
    const named = part === undefined ? undefined : sources.find((source) => source.part === part)
    return named ?? (work ? this.chosen.get(work)?.get(field.key) : undefined) ?? (sources.length === 1 ? (sources[0] ?? null) : null)
  }
}

/** A key for each of several answers that can be edited. */
export function editCommands(screen: Screen): Command<Screen>[] {
  const isOfMany = (field: Field): boolean => screen.schema.streams.find((stream) => stream.key === field.on)?.kind === 'candidates'
  const fields = formFields(screen).filter((field) => {
    const kind = screen.kinds.get(field.kind)
    return field.each === null && kind?.surface === 'form' && kind.begins?.(field) === true && isOfMany(field)
  })
  // The keys go to the first such field; others are reached by their own.
  return fields.slice(0, 1).flatMap((field) =>
    Array.from({ length: DIGITS }, (_, i) =>
      command<Screen>({
        id: `edit.${field.key}.${i + 1}`,
        title: m.commands.edit(letterOf(i)),
        group: m.groups.answers,
        keys: [`Shift+${i + 1}`],
        icon: 'pencil',
        when: (s) => s.work?.isAskedOn(field, null) === true && s.dialog === null && s.editing.sourcesOf(field).length > i,
        run: (s) => {
          const source = s.editing.sourcesOf(field)[i]
          if (source === undefined) return
          s.editing.choose(field, source)
          requestAnimationFrame(() => document.getElementById(`answer-${field.key}`)?.focus())
        },
      }),
    ),
  )
}
