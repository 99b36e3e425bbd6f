// One item being worked on: its annotations, their history, and every change a person can make to them.

import type { Activity } from './activity'
import type { DraftSync } from './draft'
import { History } from './history'
import type { NewId } from './ports'
import type { KindUi } from './kind'
import { idsOf, linkOf, rebound } from './links'
import { idOf, partsAsked } from './parts'
import { askedAmong, attributesOf, type Field, holds, initialAttributes, type Schema } from './schema'
import { same } from './same'
import { AnnotationStore, type Change } from './store'
import { partTexts } from './talk'
import { Turns } from './turns'
import type { Annotation, Id, Json, Task } from './types'

/** Answers to attributes, by their keys. */
export type Answers = Readonly<Record<string, Json>>

export class Work {
  readonly store: AnnotationStore
  readonly history: History
  /** Set by the session right after the work is made; a preview has none. */
  sync: DraftSync | null = null
  /** Handed in, and still shown. */
  isHandedIn = false
  /** What the person has locked on this screen stays as it is. */
  allows: (id: Id) => boolean = () => true
  /** What takes longer than a moment, such as a stroke on a large mask; what comes behind it waits. */
  readonly turns = new Turns()

  constructor(
    /** Another one when the item was handed in elsewhere, or an answer to it was taken back. */
    public task: Task,
    readonly schema: Schema,
    readonly texts: Readonly<Record<string, string>>,
    readonly activity: Activity,
    private readonly newId: NewId,
    readonly kinds: ReadonlyMap<string, KindUi<unknown>> = new Map(),
  ) {
    this.store = new AnnotationStore(task.draft?.annotations ?? task.before ?? task.given ?? [])
    this.history = new History(this.store)
  }

  /** The name people know the item by. */
  get title(): string {
    return this.task.item.key ?? this.task.item.id.slice(0, 8)
  }

  field(key: string): Field | null {
    return this.schema.fields.find((f) => f.key === key) ?? null
  }

  /** The value of a field that takes one answer, or one for each part of its stream. */
  answer(field: Field, part: string | null = null): Json | undefined {
    return this.store.get(idOf(field, part))?.value
  }

  /** The parts on which a field is asked, in the order in which they are shown. */
  askedOf(field: Field): readonly string[] {
    return field.on === null ? [] : partsAsked(field, this.task.item.streams[field.on]?.facts)
  }

  /**
   * Whether the conditions of a field hold on a part, or (null) on the item: other answers on the same part, where they are
   * asked of each too, or on the item. An answer that is not asked for itself counts for nothing.
   */
  isAskedOn(field: Field, part: string | null): boolean {
    return Object.entries(field.when).every(([key, wanted]) => {
      const other = this.field(key)
      const there = other === null || other.each === null ? null : part
      return other !== null && this.isAskedOn(other, there) && holds(this.answer(other, there), wanted)
    })
  }

  /** Whether an annotation is of a field that is asked where it is. */
  isAsked({ field, on }: Annotation): boolean {
    const asked = this.field(field)
    if (asked === null || asked.each === null) return asked === null || this.isAskedOn(asked, null)
    return on?.part === undefined || this.isAskedOn(asked, on.part)
  }

  /** Keys of the parts of the stream on which a field lies, in the order in which they are shown. */
  partsOf(field: Field): readonly string[] | undefined {
    return field.on === null ? undefined : this.task.item.streams[field.on]?.facts.parts
  }

  /** The text in which the places of an annotation are counted: that of its part, where its stream holds its texts in parts. */
  textOf({ field, on }: Annotation): string | undefined {
    const stream = on?.stream ?? this.field(field)?.on
    if (!stream) return undefined
    const whole = this.texts[stream]
    if (on?.part === undefined || whole === undefined) return whole
    const parts = this.parts.get(stream) ?? new Map(partTexts(this.task.item.streams[stream]?.kind ?? '', whole)?.map(({ part, text }) => [part, text]))
    this.parts.set(stream, parts)
    return parts.get(on.part)
  }

  private readonly parts = new Map<string, ReadonlyMap<string, string>>()

  /** `part` is the part it is said of, where the field is asked of each, or what it was made from, where its kind names that. */
  setAnswer(field: Field, value: Json | undefined, part?: string | null): void {
    const id = idOf(field, part ?? null)
    if (value === undefined) return this.commit([this.store.drop(id)])
    const was = this.store.get(id)
    const on = onStream(field, part)
    const made: Annotation = { id, field: field.key, kind: field.kind, version: 1, label: null, value, ...on }
    this.commit([this.store.put(was ? { ...was, value, ...(part === undefined ? {} : on) } : made)])
  }

  /** Adds an annotation and returns its id. */
  add(field: Field, label: string | null, value: Json, part?: string, attributes: Answers = {}): Id {
    const plain = this.made(field, label, value, part)
    const made = Object.keys(attributes).length > 0 ? { ...plain, attributes: { ...plain.attributes, ...attributes } } : plain
    this.commit([this.store.put(made)])
    return made.id
  }

  private made(field: Field, label: string | null, value: Json, part?: string): Annotation {
    const id = field.many ? this.newId() : field.key
    const attributes = initialAttributes(field, label)
    return { id, field: field.key, kind: field.kind, version: 1, ...onStream(field, part), label, value, ...(Object.keys(attributes).length > 0 ? { attributes } : {}) }
  }

  /**
   * A stroke as one step: shapes with what is left of them, null for nothing, and a new one where it began one. Returns
   * the id of the new one.
   */
  paint(values: ReadonlyMap<Id, Json | null>, begun: { readonly field: Field; readonly label: string | null; readonly value: Json } | null): Id | null {
    const fresh = begun && this.made(begun.field, begun.label, begun.value)
    const changes = [...values].flatMap(([id, value]) => {
      const was = this.store.get(id)
      return was === null ? [] : [value === null ? this.store.drop(id) : this.store.put({ ...was, value })]
    })
    this.commit(fresh ? [...changes, this.store.put(fresh)] : changes)
    return fresh?.id ?? null
  }

  /**
   * Copies of annotations with ids of their own; `change` may move their values. What is about others is copied where
   * all of these are, and is about their copies. Returns the new ids.
   */
  addCopies(given: readonly Annotation[], change: (annotation: Annotation) => Json = (a) => a.value): Id[] {
    // What was said of a part of another item says nothing of this one's.
    const annotations = given.filter((a) => (this.field(a.field)?.each ?? null) === null)
    const ids = new Map(annotations.map((a) => [a.id, this.field(a.field)?.many ? this.newId() : a.field]))
    const copies = annotations.flatMap((a) => {
      const bound = linkOf(a, this.kinds) === null ? { ...a, value: change(a) } : rebound(a, this.kinds, (id) => ids.get(id) ?? null)
      return bound === null ? [] : [{ ...bound, id: ids.get(a.id) ?? a.id, from: null }]
    })
    this.commit(copies.map((copy) => this.store.put(copy)))
    return copies.map((copy) => copy.id)
  }

  /** Adds many of one label in one step; returns their ids. */
  addAll(field: Field, label: string | null, values: readonly Json[], part?: string): Id[] {
    const attributes = initialAttributes(field, label)
    const made = values.map((value): Annotation => ({ id: this.newId(), field: field.key, kind: field.kind, version: 1, ...onStream(field, part), label, value, ...(Object.keys(attributes).length > 0 ? { attributes } : {}) }))
    this.commit(made.map((annotation) => this.store.put(annotation)))
    return made.map((annotation) => annotation.id)
  }

  /** Adds several of several labels in one step; returns their ids. */
  addEach(all: readonly { readonly field: Field; readonly label: string; readonly value: Json; readonly part?: string }[]): Id[] {
    const made = all.map(({ field, label, value, part }) => this.made(field, label, value, part))
    this.commit(made.map((annotation) => this.store.put(annotation)))
    return made.map((annotation) => annotation.id)
  }

  /** Puts what was drawn in the place of an annotation, or adds it, with answers that are known. Returns the id under which it is. */
  draw(field: Field, label: string | null, value: Json, redrawn: Id | null, part?: string, attributes: Answers = {}): Id {
    const was = redrawn === null ? null : this.store.get(redrawn)
    if (redrawn === null || was?.field !== field.key || was.on?.part !== part) return this.add(field, label, value, part, attributes)
    this.setValues(new Map([[redrawn, value]]))
    return redrawn
  }

  /** Puts several shapes in the place of one, the first under its id, to which relations stay. Returns the ids of all. */
  split(id: Id, values: readonly Json[]): Id[] {
    const was = this.store.get(id)
    if (was === null || !this.allows(id)) return []
    const all = values.map((value, i): Annotation => (i === 0 ? { ...was, value } : { ...was, id: this.newId(), value, from: null }))
    this.commit(all.map((annotation) => this.store.put(annotation)))
    return all.map((annotation) => annotation.id)
  }

  /** Puts one shape in the place of several, under the first of the ids; what is about any of them is about it then. */
  unite(ids: readonly Id[], value: Json): void {
    const [first, ...others] = ids
    const was = first === undefined ? null : this.store.get(first)
    if (was === null || ids.some((id) => !this.allows(id))) return
    const names = new Map(others.map((id) => [id, was.id]))
    const gone = new Set(others)
    const about = this.store.list().filter((a) => !gone.has(a.id) && idsOf(a, this.kinds).some((id) => gone.has(id)))
    const moved = about.map((a) => {
      const left = rebound(a, this.kinds, (id) => names.get(id) ?? id)
      return left === null ? this.store.drop(a.id) : this.store.put(left)
    })
    this.commit([this.store.put({ ...was, value }), ...others.map((id) => this.store.drop(id)), ...moved])
  }

  setValues(values: ReadonlyMap<Id, Json>): void {
    this.change([...values.keys()], (a) => ({ ...a, value: values.get(a.id) ?? a.value }))
  }

  /** Gives another label; attributes that the new label also has keep their answers. */
  relabel(ids: readonly Id[], field: Field, label: string): void {
    this.change(ids, (a) => {
      if (a.field !== field.key) return a
      const kept = new Set(attributesOf(field, label).map((attribute) => attribute.key))
      const answers = Object.entries(a.attributes ?? {}).filter(([key]) => kept.has(key))
      return { ...a, label, attributes: { ...initialAttributes(field, label), ...Object.fromEntries(answers) } }
    })
  }

  setAttribute(ids: readonly Id[], key: string, value: Json | undefined): void {
    this.change(ids, (a) => {
      const rest = Object.fromEntries(Object.entries(a.attributes ?? {}).filter(([name]) => name !== key))
      return { ...a, attributes: value === undefined ? rest : { ...rest, [key]: value } }
    })
  }

  /** Moves annotations in front of, or behind, all others. */
  setLayer(ids: readonly Id[], by: 1 | -1): void {
    const layers = this.store.list().map((a) => a.z ?? 0)
    const z = by > 0 ? Math.max(0, ...layers) + 1 : Math.min(0, ...layers) - 1
    this.change(ids, (a) => ({ ...a, z }))
  }

  /** Makes these one group, or takes each out of its own. */
  setGroup(ids: readonly Id[], together: boolean): void {
    if (together) this.join(ids)
    else this.change(ids, withoutGroup)
  }

  /** Puts these into a group, a new one where none is named; returns its name. */
  join(ids: readonly Id[], group: string = this.newId()): string {
    this.change(ids, (a) => ({ ...a, group }))
    return group
  }

  /** Removes annotations, and in the same step what is about them. */
  remove(given: readonly Id[]): void {
    const ids = given.filter((id) => this.allows(id))
    const gone = new Set(ids)
    const about = this.store.list().filter((a) => !gone.has(a.id) && idsOf(a, this.kinds).some((id) => gone.has(id)))
    const changed = about.map((a) => {
      const left = rebound(a, this.kinds, (id) => (gone.has(id) ? null : id))
      return left === null ? this.store.drop(a.id) : this.store.put(left)
    })
    this.commit([...ids.map((id) => this.store.drop(id)), ...changed])
  }

  /** Changes by which those of these annotations that are about others follow them to their new ids. */
  following(names: ReadonlyMap<Id, Id>, among: Iterable<Id>): Change[] {
    return [...among].flatMap((id) => {
      const annotation = this.store.get(id)
      if (annotation === null || !idsOf(annotation, this.kinds).some((end) => names.has(end))) return []
      const moved = rebound(annotation, this.kinds, (end) => names.get(end) ?? end)
      return moved === null ? [] : [this.store.put(moved)]
    })
  }

  /** Takes the other side's value of a conflict instead of mine. */
  take(annotation: Annotation): void {
    this.commit([this.store.put(annotation)])
  }

  /** Whether there is, or will be in a moment, something to undo. */
  get canUndo(): boolean {
    return this.turns.isBusy || this.history.canUndo
  }

  undo(): readonly Id[] | null {
    return this.history.undo()?.map((c) => c.id) ?? null
  }

  redo(): readonly Id[] | null {
    return this.history.redo()?.map((c) => c.id) ?? null
  }

  /** All annotations as they are handed in: answers that are not asked any more are left out, but nothing that was drawn. */
  annotations(): Annotation[] {
    return this.store.list().filter((annotation) => annotation.label !== null || this.isAsked(annotation)).map((annotation) => {
      const field = this.field(annotation.field)
      const answers = annotation.attributes
      if (field === null || answers === undefined) return annotation
      const asked = askedAmong(attributesOf(field, annotation.label), answers)
      const kept = asked.flatMap((a) => (answers[a.key] === undefined ? [] : [[a.key, answers[a.key] as Json] as const]))
      return { ...annotation, attributes: Object.fromEntries(kept) }
    })
  }

  private change(ids: readonly Id[], how: (annotation: Annotation) => Annotation): void {
    const found = ids.filter((id) => this.allows(id)).map((id) => this.store.get(id)).filter((a) => a !== null)
    this.commit(found.map((a) => this.store.put(how(a))))
  }

  /** Whether the answer can only be looked at. */
  get isFinal(): boolean {
    return this.task.final === true || this.isHandedIn
  }

  /** Makes these the annotations of the item, as a change of one's own. */
  become(annotations: readonly Annotation[]): void {
    const kept = new Set(annotations.map((a) => a.id))
    const gone = this.store.list().filter((a) => !kept.has(a.id))
    this.store.apply([...gone.map((a) => this.store.drop(a.id)), ...annotations.map((a) => this.store.put(a))], 'mine')
  }

  /** What it was given as a beginning and nobody has looked at. */
  given(): Annotation[] {
    return this.store.list().filter(isGiven)
  }

  /** Everything given is one's own word from now on. */
  accept(): void {
    this.commit(this.given().map((annotation) => this.store.put(lookedAt(annotation))))
  }

  private commit(all: readonly Change[]): void {
    if (this.isFinal) return
    // A handle that was only clicked has changed nothing: there is nothing to undo, and nothing to send.
    const changes = all.filter((c) => !same(c.before, c.after)).map((c) => (c.after === null ? c : { ...c, after: lookedAt(c.after) }))
    this.store.apply(changes, 'mine')
    this.history.mark()
    this.activity.touch()
  }
}

/** Whether an annotation is a copy of what a file or a model said, and not yet looked at. */
export function isGiven({ extra }: Annotation): boolean {
  return extra?.['given'] === true
}

/** The number of the layer of an annotation that is shown beside the open answer and is not part of it; else null. */
export function layerOf({ extra }: Annotation): number | null {
  const layer = extra?.['layer']
  return typeof layer === 'number' ? layer : null
}

/** What was changed, or accepted, is given no more; where it came from is still known. */
function lookedAt(annotation: Annotation): Annotation {
  if (!isGiven(annotation)) return annotation
  const extra = Object.fromEntries(Object.entries(annotation.extra ?? {}).filter(([key]) => key !== 'given'))
  return { ...annotation, extra }
}

function withoutGroup(annotation: Annotation): Annotation {
  const rest: Omit<Annotation, 'group'> & { group?: string } = { ...annotation }
  delete rest.group
  return rest
}

function onStream(field: Field, part?: string | null): { on?: { stream: string; part?: string } } {
  return field.on === null ? {} : { on: { stream: field.on, ...(part ? { part } : {}) } }
}
